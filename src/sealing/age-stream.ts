/**
 * STREAM, the payload of an age file: chunks of 64 KiB, each sealed by ChaCha20-Poly1305 under a counter and a flag for
 * the last, so that chunks cannot be dropped, moved or added. Memory stays at a few chunks whatever the size.
 */
import { AgeError } from './age-error.ts';
import type { ChunkCipher } from './primitives.ts';

const chunkBytes = 64 * 1024;
const tagBytes = 16;
const sealedBytes = chunkBytes + tagBytes;

/** 11 bytes of big-endian counter, then 1 for the last chunk. The same array each time: ciphers use it at once. */
function counterNonce(): { next(last: boolean): Uint8Array; used(): number } {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  let count = 0;
  return {
    used: () => count,
    next(last) {
      // 2^32 chunks are 256 TiB; the seven bytes above stay zero.
      view.setUint32(7, count++);
      nonce[11] = last ? 1 : 0;
      return nonce;
    },
  };
}

/** Seals a stream of any pieces. */
export async function* sealStream(source: AsyncIterable<Uint8Array>, cipher: ChunkCipher): AsyncGenerator<Uint8Array> {
  const nonce = counterNonce();
  const held = new Uint8Array(chunkBytes);
  let length = 0;
  for await (const block of source) {
    for (let at = 0; at < block.length; ) {
      if (length === chunkBytes) {
        yield cipher.seal(nonce.next(false), held);
        length = 0;
      }
      const n = Math.min(chunkBytes - length, block.length - at);
      held.set(block.subarray(at, at + n), length);
      length += n;
      at += n;
    }
  }
  yield cipher.seal(nonce.next(true), held.subarray(0, length));
}

/** Opens a stream. What is yielded is authentic, but only the end of the loop says that it is whole. Throws AgeError. */
export async function* openStream(source: AsyncIterable<Uint8Array>, cipher: ChunkCipher): AsyncGenerator<Uint8Array> {
  const nonce = counterNonce();
  const held = new Uint8Array(sealedBytes);
  let length = 0;
  for await (const block of source) {
    for (let at = 0; at < block.length; ) {
      if (length === sealedBytes) {
        yield authentic(cipher, nonce.next(false), held);
        length = 0;
      }
      // A chunk that lies whole in the block, with more behind it, is opened where it lies.
      if (length === 0 && block.length - at > sealedBytes) {
        yield authentic(cipher, nonce.next(false), block.subarray(at, at + sealedBytes));
        at += sealedBytes;
        continue;
      }
      const n = Math.min(sealedBytes - length, block.length - at);
      held.set(block.subarray(at, at + n), length);
      length += n;
      at += n;
    }
  }
  if (length < tagBytes) throw new AgeError('payload-truncated', 'no last chunk');
  if (length === tagBytes && nonce.used() > 0) throw new AgeError('payload-broken', 'an empty last chunk after others');
  yield authentic(cipher, nonce.next(true), held.subarray(0, length));
}

function authentic(cipher: ChunkCipher, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const plain = cipher.open(nonce, sealed);
  if (!plain) throw new AgeError('payload-broken', 'a chunk is not authentic');
  return plain;
}
