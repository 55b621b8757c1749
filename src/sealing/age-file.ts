/** Whole age files: tenders as streams, envelopes (shares, signatures) in memory. */
import { Encrypter } from 'age-encryption';
import { concatBytes } from '../formats/bytes.ts';
import { AgeError } from './age-error.ts';
import { makeHeader, maxHeaderBytes, openHeader, payloadKey, payloadNonceBytes, readHeader } from './age-header.ts';
import { openStream, sealStream } from './age-stream.ts';
import { byteSource, collect, once } from './byte-source.ts';
import { type Primitives, portablePrimitives } from './primitives.ts';

export { generateX25519Identity as generateIdentity, identityToRecipient } from 'age-encryption';

/** An envelope holds a share or a signature with its chain. */
export const maxEnvelopeBytes = 96 * 1024;

/** Random bytes of the browser or Node. */
export function randomBytes(n: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(n));
}

/** Seals a stream to the identity's own recipient: the caller holds a fresh identity and gives it away in shares. */
export async function* sealAge(
  plain: AsyncIterable<Uint8Array>,
  identity: string,
  recipient: string,
  primitives: Primitives = portablePrimitives,
): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = await makeHeader(identity, recipient);
  const nonce = randomBytes(payloadNonceBytes);
  yield concatBytes(header, nonce);
  yield* sealStream(plain, primitives.chunkCipher(payloadKey(fileKey, nonce)));
}

/**
 * Opens a stream. Throws FormatError `age-header-stanzas` or `suite-mismatch` by the header, AgeError for the rest; a
 * truncated, extended or changed file is refused at the latest at the end of the loop. A piece is good until the next one is
 * asked for; whoever keeps it copies it.
 */
export async function* openAge(
  sealed: AsyncIterable<Uint8Array>,
  identity: string,
  primitives: Primitives = portablePrimitives,
): AsyncGenerator<Uint8Array> {
  const source = byteSource(sealed);
  try {
    const head = await source.take(maxHeaderBytes);
    const header = readHeader(head);
    const fileKey = await openHeader(header, identity);
    const start = header.length + payloadNonceBytes;
    if (head.length < start) throw new AgeError('payload-truncated', 'no nonce');
    const cipher = primitives.chunkCipher(payloadKey(fileKey, head.slice(header.length, start)));
    yield* openStream(joined(head.subarray(start), source.rest()), cipher);
  } finally {
    await source.close();
  }
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Seals a small file to a recipient. */
export async function sealEnvelope(plain: Uint8Array, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/** Opens a small file; throws as openAge does, and AgeError `payload-broken` beyond maxEnvelopeBytes. */
export async function openEnvelope(sealed: Uint8Array, identity: string): Promise<Uint8Array> {
  if (sealed.length > maxEnvelopeBytes) throw new AgeError('payload-broken', 'envelope too large');
  return (await collect(openAge(once(sealed), identity), sealed.length))!;
}
