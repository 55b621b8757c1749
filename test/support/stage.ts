/** A running platform with a published tender, its officers and bidders, and tenders sealed in memory, so that tests can spoil them. */

import { type Client, ProblemError } from '../../src/cli/client.ts';
import type { TestPerson } from '../../src/cli/demo/city.ts';
import { type Cast, castOf, type Published, prepare } from '../../src/cli/demo/prepare.ts';
import type { World } from '../../src/cli/demo/stage.ts';
import type { Filed } from '../../src/cli/programs/file-tender.ts';
import { concatBytes, fromBase64, sha256Hex, toBase64, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { signDetached } from '../../src/formats/cms.ts';
import type { SealManifest } from '../../src/formats/manifest.ts';
import { type OpeningPolicy, openingPolicy } from '../../src/formats/opening-policy.ts';
import { nativePrimitives as primitives } from '../../src/platform/age-primitives.ts';
import {
  type Envelope,
  type SealedTender,
  type SealInput,
  sealAge,
  sealTender,
  withdrawTender,
} from '../../src/sealing/index.ts';
import { startApp, type TestApp } from './app.ts';
import { openWorld } from './world.ts';

export type Stage = {
  readonly app: TestApp;
  readonly world: World;
  readonly cast: Cast;
  readonly published: Published;
  /** Another project of the same people; its deadline is a day later. */
  publishAnother(): Promise<Published>;
  close(): Promise<void>;
};

/** People of one demo city on a fresh server, and one published project with an opening policy in force. */
export async function openStage(bidders: number): Promise<Stage> {
  const app = await startApp();
  const { world, close: closeWorld } = await openWorld(app, 0.01);
  const cast = await castOf(world, bidders, 0);
  return {
    app,
    world,
    cast,
    published: await prepare(world, cast),
    publishAnother: async () => {
      await world.advanceTo(world.now().add({ hours: 24 }).toString());
      return prepare(world, cast);
    },
    close: async () => {
      closeWorld();
      await app.close();
    },
  };
}

/** A tender as a bidder's program holds it before it goes up. */
export type Parts = SealedTender & { readonly tenderBytes: Uint8Array; readonly policy: OpeningPolicy };

/** Seals one small file for the bidder's next act on the lot. */
export async function sealParts(
  { world }: Pick<Stage, 'world'>,
  { client }: TestPerson,
  lot: string,
  change: Partial<SealInput> = {},
): Promise<Parts> {
  const { policySha256 } = await client.call<{ policySha256: string }>('GET', `/api/lots/${lot}`);
  const policy = await client.call<{ document: string; signatures: { p7s: string }[] }>(
    'GET',
    `/api/policies/${policySha256}`,
  );
  const { next } = await client.call<{ next: { seq: number; prev: string | null } }>(
    'GET',
    `/api/lots/${lot}/tenders/mine`,
  );
  const tender: Uint8Array[] = [];
  const letter = utf8('a letter of tender');
  const sealed = await sealTender(
    {
      ...next,
      lot,
      bidder: client.session!.organisation!,
      key: client.key!,
      policyBytes: utf8(policy.document),
      policySignatures: policy.signatures.map((s) => fromBase64(s.p7s)),
      roots: world.roots,
      readOut: { priceFen: '987654321', durationDays: 300, quality: '合格', manager: '张三' },
      files: [{ name: '投标函.pdf', bytes: letter.length, content: () => once(letter) }],
      now: world.now(),
      passphrase: null,
      primitives,
      ...change,
    },
    (piece) => void tender.push(piece.slice()),
  );
  return {
    ...sealed,
    tenderBytes: concatBytes(...tender),
    policy: openingPolicy.parse(JSON.parse(policy.document)),
  };
}

/** The bidder's own manifest with something else in it, signed anew. */
export function resign(
  parts: Parts,
  { client }: TestPerson,
  change: Partial<SealManifest>,
  now: Temporal.Instant,
): Parts {
  const manifest = { ...parts.manifest, ...change };
  const manifestBytes = canonicalBytes(manifest);
  const p7s = signDetached(client.key!, manifestBytes, now);
  return { ...parts, manifest, manifestBytes, manifestSha256: sha256Hex(manifestBytes), p7s };
}

/** The bidder's own tender with another package in it, signed anew: the identity and the shares stay right. */
export async function repackage(
  parts: Parts,
  bidder: TestPerson,
  packageBytes: Uint8Array,
  now: Temporal.Instant,
): Promise<Parts> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sealAge(once(packageBytes), parts.identity, parts.manifest.recipient, primitives))
    pieces.push(piece.slice());
  const tenderBytes = concatBytes(...pieces);
  const tender = { sha256: sha256Hex(tenderBytes), bytes: tenderBytes.length };
  return { ...resign(parts, bidder, { tender }, now), tenderBytes };
}

/** Begins an upload and sends all of it; answers its id. */
export async function upload({ client }: TestPerson, lot: string, bytes: Uint8Array): Promise<string> {
  const { id } = await client.call<{ id: string }>('POST', `/api/lots/${lot}/uploads`, { bytes: bytes.length });
  await client.upload('PATCH', `/api/lots/${lot}/uploads/${id}`, once(bytes), { 'upload-offset': '0' });
  return id;
}

/** What a filing consists of, for a test to change. */
export type Filing = {
  readonly upload: string | null;
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  readonly envelopes: readonly Envelope[];
};

export const filingOf = (parts: Parts, uploaded: string | null): Filing => ({
  upload: uploaded,
  manifest: parts.manifestBytes,
  signature: parts.p7s,
  envelopes: parts.envelopes,
});

export function file({ client }: { client: Client }, lot: string, filing: Filing): Promise<Filed> {
  return client.call('POST', `/api/lots/${lot}/tenders`, {
    upload: filing.upload,
    manifest: toBase64(filing.manifest),
    signature: toBase64(filing.signature),
    envelopes: filing.envelopes.map(({ x, bytes }) => ({ x, bytes: toBase64(bytes) })),
  });
}

/** Uploads and files in one go. */
export async function submit(bidder: TestPerson, lot: string, parts: Parts): Promise<Filed> {
  return file(bidder, lot, filingOf(parts, await upload(bidder, lot, parts.tenderBytes)));
}

/** The withdrawal that follows an act. */
export function withdrawal({ client }: TestPerson, parts: Parts, now: Temporal.Instant): Filing {
  const { lot, policy, seq } = parts.manifest;
  const act = withdrawTender({ lot, policy, seq: seq + 1, prev: parts.manifestSha256, key: client.key!, now });
  return { upload: null, manifest: act.manifestBytes, signature: act.p7s, envelopes: [] };
}

/** `code`, or `code reason` where a tender is malformed; `answered` where it was not refused. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'answered';
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { reason } = error.details;
    return reason === undefined ? error.code : `${error.code} ${String(reason)}`;
  }
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
