/** Node's own SHA-256 and ChaCha20-Poly1305 for sealing and opening (1.7 and 1.8 GB/s measured; the portable ones 0.05). */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Primitives } from '../sealing/index.ts';

const algorithm = 'chacha20-poly1305';
const authTagLength = 16;

export const nativePrimitives: Primitives = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
  chunkCipher: (key) => ({
    seal(nonce, plain) {
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength });
      const body = cipher.update(plain);
      cipher.final();
      return Buffer.concat([body, cipher.getAuthTag()]);
    },
    open(nonce, sealed) {
      const end = sealed.length - authTagLength;
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength });
      decipher.setAuthTag(sealed.subarray(end));
      const plain = decipher.update(sealed.subarray(0, end));
      try {
        decipher.final();
      } catch {
        return null;
      }
      return plain;
    },
  }),
};
