/** Published bytes of an entry: an open leaf or a sealed commitment (trust protocol 3). */
import { sha256Hex } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import { commitmentOf, sealedLeafBytes } from '../formats/sealed-act.ts';
import { randomOctets } from '../platform/ids.ts';

/** What an event shows to strangers. */
export type Publication =
  | { readonly open: string; readonly body: unknown }
  /** `sealed` is the whole act document; only its salted commitment is published. */
  | { readonly sealed: { readonly kind: string } & Readonly<Record<string, unknown>> };

/** The log takes leaves of at most 60,000 bytes (trust protocol 4); the head of an open leaf needs the rest. */
const maxInlineBody = 50_000;
/** As formats/open-leaf reads them. */
const openKind = /^[a-z][a-z0-9-]{1,60}$/;

export type Leaf = {
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Canonical body of an open leaf that names it by its hash. */
  readonly body: Uint8Array | null;
  /** Canonical act behind a sealed leaf; with the salt it opens the commitment. Both are secret until the opening. */
  readonly act: Uint8Array | null;
  readonly salt: Uint8Array | null;
};

/** The leaf of a publication; a sealed one draws a fresh 32-byte salt. A bad kind is a programmer's error. */
export function leafOf(publication: Publication, context: { at: string; actor: string; subject: string }): Leaf {
  if ('sealed' in publication) {
    const salt = randomOctets(32);
    const bytes = sealedLeafBytes(commitmentOf(salt, publication.sealed));
    return { kind: 'sealed', bytes, body: null, act: canonicalBytes(publication.sealed), salt };
  }
  const { at, actor, subject } = context;
  const kind = publication.open;
  if (!openKind.test(kind)) throw new TypeError(`not a kind of an open leaf: ${kind}`);
  const head = { v: 1, type: 'open', at, kind, subject, actor };
  const body = canonicalBytes(publication.body);
  return body.length <= maxInlineBody
    ? { kind, bytes: canonicalBytes({ ...head, body: publication.body }), body: null, act: null, salt: null }
    : { kind, bytes: canonicalBytes({ ...head, bodySha256: sha256Hex(body) }), body, act: null, salt: null };
}
