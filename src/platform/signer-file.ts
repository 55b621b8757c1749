/** Ed25519 keys of logs and witnesses as files (PKCS#8 PEM, 0600): never in the database, and they sign nothing else. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type KeyType, type Signer, verifierKey } from '../formats/log/note.ts';
import { newId } from './ids.ts';

/** Reads the key of a file; null where there is none. Throws where the file holds something else. */
export function readSigner(file: string, name: string, type: KeyType): Signer | null {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} 不是 Ed25519 密钥 / is no Ed25519 key`);
  return signerOf(privateKey, name, type);
}

/** Makes a key and its file (0600), whole at once; throws EEXIST where there is a file already, and leaves it as it is. */
export function createSigner(file: string, name: string, type: KeyType): Signer {
  const { privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}-${newId()}.part`;
  writeFileSync(part, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link, unlike a rename, never replaces what another node has put there meanwhile.
    linkSync(part, file);
  } finally {
    rmSync(part);
  }
  return signerOf(privateKey, name, type);
}

/** The key of the file, made where there is none; of two nodes that start together, both get the same. */
export function readOrCreateSigner(file: string, name: string, type: KeyType): Signer {
  const found = readSigner(file, name, type);
  if (found) return found;
  try {
    return createSigner(file, name, type);
  } catch (error) {
    const made = (error as { code?: string }).code === 'EEXIST' ? readSigner(file, name, type) : null;
    if (!made) throw error;
    return made;
  }
}

function signerOf(privateKey: KeyObject, name: string, type: KeyType): Signer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  // RFC 8410: the last 32 bytes of the SubjectPublicKeyInfo are the key.
  const key = verifierKey(name, type, new Uint8Array(spki.subarray(-32)));
  return { key, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}
