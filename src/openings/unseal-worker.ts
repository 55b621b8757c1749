/** A worker thread that opens tenders one after another: decrypts, checks and stores the files of each by its hash. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FormatError } from '../formats/format-error.ts';
import type { Offer } from '../formats/offer.ts';
import { openingPolicy } from '../formats/opening-policy.ts';
import { nativePrimitives } from '../platform/age-primitives.ts';
import { filePieces } from '../platform/file-pieces.ts';
import { openFiles } from '../platform/files.ts';
import { hashThreads } from '../platform/hash-threads.ts';
import { type FaultOwner, type NotOpened, type ReleasedItem, unsealTender } from '../sealing/index.ts';
import type { OpenedFile } from './state.ts';

export type UnsealJob = {
  readonly manifestBytes: Uint8Array;
  readonly policy: { readonly text: string; readonly sha256: string };
  readonly opener: { readonly items: readonly ReleasedItem[] } | { readonly identity: string };
  readonly signer: Uint8Array;
  /** Path of tender.age. */
  readonly tender: string;
};

/** `hashing`: cores that no other tender uses, for this one's hashes. */
export type UnsealWorkerData = { readonly folder: string; readonly hashing: number };

export type UnsealVerdict = {
  readonly result: 'opened' | 'invalid' | 'postponed';
  readonly code: FormatError['code'] | null;
  readonly owner: FaultOwner | null;
  readonly detail: string;
  /** How many officers say that their envelope is rubbish, where nothing but their word makes the tender invalid; else 0. */
  readonly hearsay: number;
  readonly signer: { readonly certSha256: string; readonly p7s: Uint8Array } | null;
  /** The bidder that the package names. */
  readonly bidder: string | null;
  readonly offer: Offer | null;
  readonly offerBytes: Uint8Array | null;
  readonly files: readonly OpenedFile[];
};

async function unseal(job: UnsealJob, folder: string): Promise<UnsealVerdict> {
  const files = openFiles(folder, { sweep: false });
  const verdict = await unsealTender({
    known: { policy: openingPolicy.parse(JSON.parse(job.policy.text)), sha256: job.policy.sha256 },
    manifestBytes: job.manifestBytes,
    opener: job.opener,
    signature: { sealed: job.signer },
    tender: filePieces(job.tender),
    sink: async (_file, content) => void (await files.put(content, Number.MAX_SAFE_INTEGER)),
    primitives,
  });
  const signer = verdict.signer && { certSha256: verdict.signer.certSha256, p7s: verdict.signer.p7s };
  if (verdict.result !== 'opened') {
    const { result, code, owner, detail } = verdict;
    return {
      result,
      code,
      owner,
      detail,
      hearsay: hearsayIn(verdict),
      signer,
      bidder: null,
      offer: null,
      offerBytes: null,
      files: [],
    };
  }
  const { offer, offerBytes, index } = verdict;
  return {
    result: 'opened',
    code: null,
    owner: null,
    detail: '',
    hearsay: 0,
    signer,
    bidder: index.bidder,
    offer,
    offerBytes,
    files: index.files,
  };
}

function hearsayIn({ code, claims }: NotOpened): number {
  const blamed = claims.filter((c) => c.owner === 'bidder');
  const proved = blamed.some((c) => !c.reported);
  return blamed.some((c) => c.code === code) && !proved ? blamed.length : 0;
}

const { folder, hashing } = workerData as UnsealWorkerData;
/** Its threads end with this one. */
const primitives = hashing > 0 ? hashThreads(hashing) : nativePrimitives;
parentPort?.on('message', ({ id, job }: { id: number; job: UnsealJob }) => {
  unseal(job, folder).then(
    (verdict) => parentPort?.postMessage({ id, verdict }),
    (error: unknown) => parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
