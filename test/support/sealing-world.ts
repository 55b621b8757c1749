/** An opening with four officers, a bidder and a rival, for tests of sealing: real keys, real certificates. */
import { sha256Hex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { certificateSha256, type SigningKey, signDetached } from '../../src/formats/cms.ts';
import type { OpeningMode, OpeningPolicy } from '../../src/formats/opening-policy.ts';
import { nativePrimitives } from '../../src/platform/age-primitives.ts';
import {
  generateIdentity,
  identityToRecipient,
  type KnownPolicy,
  openShare,
  type ReleasedItem,
  type SealedTender,
  type SealFile,
  type SealInput,
  sealEnvelope,
  sealTender,
  type UnsealInput,
} from '../../src/sealing/index.ts';
import { testAuthority } from './signing-keys.ts';

export const now = Temporal.Instant.from('2026-11-20T01:00:00Z');
export const authority = testAuthority();
export const roots = [authority.root.certificate];
export const bidder = authority.signer('华夏建设');
export const rival = authority.signer('长城建工');
export const roles = ['host', 'tenderer', 'witness', 'supervisor'] as const;
export const officers = await Promise.all(
  roles.map(async (role, i) => {
    const identity = await generateIdentity();
    return { x: i + 1, role, identity, recipient: await identityToRecipient(identity), key: authority.signer(role) };
  }),
);

export type World = KnownPolicy & { readonly bytes: Uint8Array; readonly signatures: Uint8Array[] };

export function makePolicy(mode: OpeningMode = 'quorum', change: Partial<OpeningPolicy> = {}): World {
  const policy: OpeningPolicy = {
    type: 'yangguang.org/opening-policy/v1',
    suite: 'YG1',
    opening: 'opening-1',
    lots: ['lot-1', 'lot-2'],
    deadline: '2026-11-24T01:00:00.000000Z',
    mode,
    k: 3,
    officers: officers.map(({ x, role, recipient, key }) => ({
      x,
      role,
      recipient,
      certSha256: certificateSha256(key.certificate),
    })),
    logPolicySha256: null,
    ...change,
  };
  const bytes = canonicalBytes(policy);
  return { policy, bytes, sha256: sha256Hex(bytes), signatures: officers.map((o) => signDetached(o.key, bytes, now)) };
}

export const world = makePolicy();

export async function* pieces(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const fileOf = (name: string, bytes: Uint8Array): SealFile => ({
  name,
  bytes: bytes.length,
  content: () => pieces(bytes),
});

export const letter = fileOf('投标函.PDF', utf8('a letter of tender'));
export const drawings = fileOf(
  'drawings',
  new Uint8Array(200_000).map((_, i) => i % 251),
);

export type Sealed = SealedTender & { readonly tenderBytes: Uint8Array };

/** Seals for the bidder on lot-1 with whatever a test changes. */
export async function seal(change: Partial<SealInput> = {}): Promise<Sealed> {
  const parts: Uint8Array[] = [];
  const sealed = await sealTender(
    {
      policyBytes: world.bytes,
      policySignatures: world.signatures,
      roots,
      key: bidder,
      lot: 'lot-1',
      bidder: 'org-1',
      seq: 1,
      prev: null,
      readOut: { priceFen: '123456789', durationDays: 300, quality: '合格', manager: '张三' },
      files: [letter, drawings],
      now,
      passphrase: null,
      primitives: nativePrimitives,
      ...change,
    },
    (piece) => void parts.push(piece.slice()),
  );
  return { ...sealed, tenderBytes: new Uint8Array(Buffer.concat(parts)) };
}

/** Items of the given officers' releases, as their own programs make them. */
export async function release(sealed: Sealed, xs: readonly number[] = [1, 2, 3]): Promise<ReleasedItem[]> {
  return Promise.all(
    xs.map(async (x) => {
      const envelope = sealed.envelopes.find((e) => e.x === x)?.bytes ?? null;
      return { x, ...(await openShare({ manifest: sealed.manifest, x }, envelope, officers[x - 1]!.identity)) };
    }),
  );
}

/** What opens the tender where nothing is changed. */
export async function opening(sealed: Sealed, items?: readonly ReleasedItem[]): Promise<UnsealInput> {
  return {
    known: world,
    manifestBytes: sealed.manifestBytes,
    opener: { items: items ?? (await release(sealed)) },
    signature: { sealed: await sealEnvelope(sealed.p7s, sealed.manifest.recipient) },
    tender: pieces(sealed.tenderBytes),
    bidderOf: (cert) => ({ [certificateSha256(bidder.certificate)]: 'org-1', [certOf(rival)]: 'org-2' })[cert] ?? null,
    isSigner: (cert) => cert === certOf(bidder),
    trust: { roots, at: now },
    primitives: nativePrimitives,
  };
}

export const certOf = (key: SigningKey): string => certificateSha256(key.certificate);
