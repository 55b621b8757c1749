/** Published bytes of an entry: an open leaf or a sealed commitment (trust protocol 3). */
import { concatBytes, sha256Hex, utf8 } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import { randomOctets } from '../platform/ids.ts';

/** What an event shows to strangers. */
export type Publication =
  | { readonly open: string; readonly body: unknown }
  /** `sealed` is the whole act document; only its salted commitment is published. */
  | { readonly sealed: { readonly kind: string } & Readonly<Record<string, unknown>> };

/** C2SP tlog-tiles entry bundles hold leaves of at most 65,535 bytes; the protocol stays below. */
const maxInlineBody = 50_000;
const commitPrefix = utf8('yangguang.org/commit/v1\n');

export type Leaf = {
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly body: Uint8Array | null;
  readonly salt: Uint8Array | null;
};

/** The leaf of a publication; a sealed one draws a fresh 32-byte salt. */
export function leafOf(publication: Publication, context: { at: string; actor: string; subject: string }): Leaf {
  if ('sealed' in publication) {
    const salt = randomOctets(32);
    const commitment = sha256Hex(concatBytes(commitPrefix, salt, canonicalBytes(publication.sealed)));
    return { kind: 'sealed', bytes: canonicalBytes({ commitment, type: 'sealed', v: 1 }), body: null, salt };
  }
  const head = {
    v: 1,
    type: 'open',
    at: context.at,
    kind: publication.open,
    subject: context.subject,
    actor: context.actor,
  };
  const body = canonicalBytes(publication.body);
  if (body.length <= maxInlineBody)
    return {
      kind: publication.open,
      bytes: canonicalBytes({ ...head, body: publication.body }),
      body: null,
      salt: null,
    };
  return { kind: publication.open, bytes: canonicalBytes({ ...head, bodySha256: sha256Hex(body) }), body, salt: null };
}
