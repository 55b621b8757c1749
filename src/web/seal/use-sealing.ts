/**
 * One lot's sealing on this page: seals in the worker, uploads, files, and keeps the receipt. After a closed tab it goes on from
 * what the browser kept: nothing is sealed twice, because sealing again would give other bytes.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReadOut } from '../../formats/offer.ts';
import type { Answer, Api, Refusal } from '../api/client.ts';
import { serverNow } from '../api/clock.ts';
import { useApiClient } from '../api/provider.tsx';
import type { OpenKey } from '../keys/key-context.ts';
import { machineNow } from '../keys/time.ts';
import type { CheckedPolicy } from './policy.ts';
import { type Lane, type LaneState, progressOf } from './progress.ts';
import type { SealedFacts } from './protocol.ts';
import { runSealing, SealingStopped } from './run-worker.ts';
import { find, folderOf, forget, keep } from './store.ts';
import { uploadSealed } from './upload.ts';

export type Filed = Answer<'POST /api/lots/:lot/tenders'>;
export type Sealing = {
  readonly step: 'idle' | 'kept' | 'sealing' | 'uploading' | 'filing' | 'filed' | 'stopped';
  readonly lanes: Partial<Record<Lane, LaneState>>;
  readonly facts: SealedFacts | null;
  readonly filed: Filed | null;
  /** The line is down; it goes on by itself. */
  readonly cut: boolean;
  readonly refusal: Refusal | null;
  /** Why it stopped on this machine. */
  readonly code: string | null;
};

export type Intent = {
  readonly policy: CheckedPolicy;
  readonly key: OpenKey;
  readonly readOut: ReadOut;
  readonly files: readonly File[];
  readonly passphrase: string | null;
};

const idle: Sealing = {
  step: 'idle',
  lanes: {},
  facts: null,
  filed: null,
  cut: false,
  refusal: null,
  code: null,
};
const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

type Change = (change: Partial<Sealing>) => void;
type Place = { readonly api: Api; readonly lot: string; readonly organisation: string };

/** Uploads and files what the browser kept. */
async function send({ api, lot, organisation }: Place, change: Change, onLane: (state: LaneState) => void) {
  const folder = await folderOf(organisation, lot);
  const kept = await find(folder);
  if (!kept) return change({ step: 'stopped', code: 'nothing-kept' });
  change({ step: 'uploading' });
  const move = progressOf(onLane, () => performance.now());
  const uploaded = await uploadSealed({
    api,
    lot,
    file: kept.file,
    upload: kept.tender.upload,
    keep: (upload) => keep(folder, { ...kept.tender, upload }),
    onBytes: (bytes, total) => move('upload', bytes, total),
    onCut: (cut) => change({ cut }),
    wait,
  });
  if (!uploaded.ok) return change({ step: 'stopped', refusal: uploaded.refusal });
  change({ step: 'filing', cut: false });
  const { manifest, signature, envelopes, manifestSha256 } = kept.tender;
  const filed = await api.call(
    'POST /api/lots/:lot/tenders',
    { params: { lot }, body: { upload: uploaded.upload, manifest, signature, envelopes } },
    { idempotencyKey: manifestSha256 },
  );
  if (!filed.ok) return change({ step: 'stopped', refusal: filed.refusal });
  await forget(organisation, lot);
  change({ step: 'filed', filed: filed.value });
}

async function sealHere(
  { api, lot, organisation }: Place,
  intent: Intent,
  lane: (s: LaneState) => void,
  stop: AbortSignal,
) {
  const { next } = await api.read('GET /api/lots/:lot/tenders/mine', { params: { lot } });
  const { policy, key } = intent;
  return runSealing({
    task: {
      kind: 'seal',
      lot,
      organisation,
      certSha256: key.certSha256,
      ...next,
      policyText: policy.text,
      policySignatures: policy.signatures,
      roots: policy.roots,
      readOut: intent.readOut,
      files: intent.files,
      epochMilliseconds: serverNow() ?? machineNow(),
      passphrase: intent.passphrase,
    },
    sign: (manifest) => key.sign(manifest),
    onLane: lane,
    signal: stop,
  });
}

export function useSealing(lot: string, organisation: string) {
  const api = useApiClient();
  const cache = useQueryClient();
  const [sealing, set] = useState<Sealing>(idle);
  const stop = useRef<AbortController | null>(null);
  const running = useRef(false);
  const change = useCallback<Change>((part) => set((before) => ({ ...before, ...part })), []);
  const onLane = useCallback(
    (state: LaneState) => set((before) => ({ ...before, lanes: { ...before.lanes, [state.lane]: state } })),
    [],
  );
  useEffect(() => {
    if (!organisation) return;
    void folderOf(organisation, lot)
      .then(find)
      .then((kept) => kept && !running.current && change({ step: 'kept' }))
      .catch(() => undefined);
    return () => stop.current?.abort();
  }, [organisation, lot, change]);
  /** One run at a time; what breaks is shown and leaves what was kept. */
  const run = async (work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    try {
      await work();
    } catch (error) {
      const code = error instanceof SealingStopped ? error.code : 'seal-failed';
      change({ step: 'stopped', code });
    } finally {
      running.current = false;
      await cache.invalidateQueries({ queryKey: ['GET /api/lots/:lot/tenders/mine'] });
      await cache.invalidateQueries({ queryKey: ['GET /api/own-tenders'] });
    }
  };
  const place = { api, lot, organisation };
  return {
    sealing,
    start: (intent: Intent, onSealed: (facts: SealedFacts) => void) =>
      run(async () => {
        set({ ...idle, step: 'sealing' });
        stop.current = new AbortController();
        const facts = await sealHere(place, intent, onLane, stop.current.signal);
        change({ facts });
        onSealed(facts);
        await send(place, change, onLane);
      }),
    resume: () =>
      run(async () => {
        set(idle);
        await send(place, change, onLane);
      }),
    giveUp: async () => {
      stop.current?.abort();
      await forget(organisation, lot);
      set(idle);
    },
  };
}
