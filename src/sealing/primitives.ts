/**
 * The two hot loops of sealing, SHA-256 and ChaCha20-Poly1305, as one value: browsers take these portable ones, Node its
 * own (platform/age-primitives.ts, some twenty times faster). Both give the same bytes.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * A running SHA-256. `digest` ends it. One that works elsewhere (another thread) leaves the caller free to use its memory again
 * at once, answers a promise where the caller should wait before it brings more, and one for the digest.
 */
export type Hasher = {
  update(bytes: Uint8Array): void | Promise<void>;
  digest(): Uint8Array | Promise<Uint8Array>;
};

/**
 * ChaCha20-Poly1305 (RFC 8439) under one key; the tag follows the ciphertext. `open` gives null where it is not authentic; what
 * it gives may be good only until it opens the next chunk.
 */
export type ChunkCipher = {
  seal(nonce: Uint8Array, plain: Uint8Array): Uint8Array;
  open(nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null;
};

export type Primitives = {
  /** `bytes`: about how much will come; a long file may be worth another thread. */
  sha256(bytes?: number): Hasher;
  chunkCipher(key: Uint8Array): ChunkCipher;
};

export const portablePrimitives: Primitives = {
  sha256: () => {
    const hash = sha256.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
  chunkCipher: (key) => ({
    seal: (nonce, plain) => chacha20poly1305(key, nonce).encrypt(plain),
    open: (nonce, sealed) => {
      try {
        return chacha20poly1305(key, nonce).decrypt(sealed);
      } catch {
        return null;
      }
    },
  }),
};
