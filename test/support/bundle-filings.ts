import { sha256Hex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { type SigningKey, signDetached } from '../../src/formats/cms.ts';
import type { SealManifest } from '../../src/formats/manifest.ts';
import { handleOf, lotKey, type SealedAct, type SealedActKind } from '../../src/formats/sealed-act.ts';
import { withdrawTender } from '../../src/sealing/index.ts';
import { authority, bidder, letter, now, rival, type Sealed, seal, world } from './sealing-world.ts';

export const lot = 'lot-1';
export const opening = 'opening-1';
export const kLot = lotKey(new Uint8Array(32).fill(7), lot);
export const centre = authority.signer('江城市公共资源交易中心');
export const bidders = {
  'org-1': bidder,
  'org-2': rival,
  'org-3': authority.signer('江海建设'),
  'org-4': authority.signer('楚天建设'),
  'org-5': authority.signer('东湖建工'),
} as const;
export type BidderId = keyof typeof bidders;
export const experts = ['专家甲', '专家乙', '专家丙'].map((name) => authority.signer(name));
export const clock = (time: string) => `2026-11-24T${time}.000000Z`;

/** An act as filed: `sealed` for tenders. */
export type Filed = {
  readonly kind: SealedActKind;
  readonly bidder: BidderId;
  readonly key: SigningKey;
  readonly seq: number;
  readonly time: string;
  readonly manifestBytes: Uint8Array;
  readonly manifestSha256: string;
  readonly p7s: Uint8Array;
  readonly sealed: Sealed | null;
};

async function tender(
  who: BidderId,
  seq: number,
  prev: string | null,
  priceFen: string,
  time: string,
  kind: SealedActKind = 'tender-sealed',
): Promise<Filed> {
  const key = bidders[who];
  const readOut = { priceFen, durationDays: 300, quality: '合格', manager: '张三' };
  const sealed = await seal({ key, bidder: who, seq, prev, readOut, files: [letter] });
  const { manifestBytes, manifestSha256, p7s } = sealed;
  return { kind, bidder: who, key, seq, time, manifestBytes, manifestSha256, p7s, sealed };
}

export function withdrawal(who: BidderId, prev: Filed, key: SigningKey, time: string): Filed {
  const seq = prev.seq + 1;
  const made = withdrawTender({ lot, policy: world.sha256, key, now, seq, prev: prev.manifestSha256 });
  return { kind: 'tender-withdrawn', bidder: who, key, seq, time, sealed: null, ...made };
}

const small = (kind: SealedActKind, who: BidderId, time: string): Filed => {
  const manifestBytes = utf8(`${kind} of ${who}`);
  return {
    kind,
    bidder: who,
    key: bidders[who],
    seq: 0,
    time,
    manifestBytes,
    manifestSha256: sha256Hex(manifestBytes),
    p7s: manifestBytes,
    sealed: null,
  };
};

const first = await tender('org-1', 1, null, '100000000', '00:10:00');
const fourth = await tender('org-4', 1, null, '97000000', '00:40:00');
/** In the order of the log. */
export const filings: readonly Filed[] = [
  small('question', 'org-2', '00:05:00'),
  first,
  await tender('org-2', 1, null, '98000000', '00:20:00'),
  small('decoy', 'org-3', '00:25:00'),
  await tender('org-1', 2, first.manifestSha256, '96000000', '00:30:00'),
  await tender('org-3', 1, null, '99000000', '00:35:00'),
  fourth,
  withdrawal('org-4', fourth, bidders['org-4'], '00:50:00'),
  await tender('org-5', 1, null, '95000000', '01:00:02', 'tender-late'),
];

/** The act that is honestly logged for a filing. */
export function actOf({ kind, seq, time, manifestSha256, bidder: who }: Filed): SealedAct {
  const handle = kind === 'decoy' ? sha256Hex(utf8('decoy')) : handleOf(kLot, who, lot);
  return { type: 'yangguang.org/act/v1', kind, lot, handle, seq, at: clock(time), manifestSha256 };
}

/** A seal with other contents: the manifest is signed anew by its bidder (or another key). */
export function refile(
  filed: Filed,
  change: { sealed?: Partial<Sealed>; manifest?: Record<string, unknown>; bytes?: Uint8Array; key?: SigningKey },
): Filed {
  const base = { ...filed.sealed!, ...change.sealed };
  const document = { ...base.manifest, ...change.manifest } as SealManifest;
  const manifestBytes = change.bytes ?? canonicalBytes(document);
  const p7s = signDetached(change.key ?? filed.key, manifestBytes, now);
  const manifestSha256 = sha256Hex(manifestBytes);
  return {
    ...filed,
    manifestBytes,
    manifestSha256,
    p7s,
    sealed: { ...base, manifest: document, manifestBytes, manifestSha256, p7s },
  };
}
