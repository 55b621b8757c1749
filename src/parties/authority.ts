/**
 * The platform's certification authority: a root that is needed once and then kept offline, an issuing key in use, and the
 * centre's own signing certificate (trust protocol 1). Private keys live in files of mode 0600, never in the database.
 *
 * secrets/root/root.pem         the root's key, to be moved offline; nothing here reads it again
 * secrets/authority/*.pem       issuing key, centre's key, and the three certificates
 * secrets/authority/former/     certificates of issuing keys that were rotated out: what they signed stays valid
 */
import { generateKeyPair } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { type Certificate, certificateFromPem, certificateToPem, type SigningKey } from '../formats/cms.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { newId } from '../platform/ids.ts';
import { certify, type Subject } from './certify.ts';

export type Authority = {
  readonly root: Certificate;
  readonly issuing: SigningKey;
  /** Certificates of the issuing keys before this one. */
  readonly former: readonly Certificate[];
  readonly centre: SigningKey;
  /** Where the root's key lies while nobody has moved it offline; null afterwards. */
  readonly rootKeyFile: string | null;
  /** A certificate of the issuing key for a public key; two years. */
  issue(publicKey: forge.pki.rsa.PublicKey, subject: Subject, now: Temporal.Instant): Certificate;
};

/** Opens the authority in the folder of secrets; the first call makes it. */
export async function openAuthority(secrets: string, city: string, now: Temporal.Instant): Promise<Authority> {
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  const folder = join(secrets, 'authority');
  if (!existsSync(folder)) await create(secrets, folder, city, now);
  const rootKeyFile = setRootApart(folder, join(secrets, 'root'));
  const root = certificateFromPem(readFileSync(join(folder, 'root-certificate.pem'), 'utf8'));
  const issuing = readKey(folder, 'issuing', []);
  const centre = readKey(folder, 'centre', [issuing.certificate]);
  const former = readFormer(join(folder, 'former'));
  return {
    root,
    issuing,
    former,
    centre,
    rootKeyFile,
    issue: (publicKey, subject, at) => certify(publicKey, subject, 'signing', issuing, at),
  };
}

/** Makes all keys in a folder beside, then gives it its name: after a crash, or of two nodes that start together, one is whole. */
async function create(secrets: string, folder: string, city: string, now: Temporal.Instant): Promise<void> {
  const part = join(secrets, `authority-${newId()}.part`);
  mkdirSync(part, { mode: 0o700 });
  const [rootKey, issuingKey, centreKey] = await Promise.all([makeKey(), makeKey(), makeKey()]);
  // ASCII: forge does not write a name of other letters back as it read it, and issuers are compared byte for byte.
  const name = (commonName: string): Subject => ({ commonName, organisation: 'Yangguang', serialNumber: null });
  const rootName = name(`Yangguang Root CA ${city}`);
  const root = certify(rootKey.publicKey, rootName, 'root', { privateKey: rootKey.privateKey, subject: rootName }, now);
  const rootSigning: SigningKey = { privateKey: rootKey.privateKey, certificate: root, chain: [] };
  const issuing = certify(issuingKey.publicKey, name(`Yangguang Issuing CA ${city}`), 'issuing', rootSigning, now);
  const issuer: SigningKey = { privateKey: issuingKey.privateKey, certificate: issuing, chain: [] };
  const centreName: Subject = { commonName: '公共资源交易中心', organisation: city, serialNumber: null };
  const centre = certify(centreKey.publicKey, centreName, 'signing', issuer, now);
  for (const [file, { privateKey }, certificate] of [
    ['root', rootKey, root],
    ['issuing', issuingKey, issuing],
    ['centre', centreKey, centre],
  ] as const) {
    await replaceFile(join(part, `${file}.pem`), forge.pki.privateKeyToPem(privateKey), 0o600);
    await replaceFile(join(part, `${file}-certificate.pem`), certificateToPem(certificate), 0o644);
  }
  try {
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Moves the root's key out of the folder in use, so that it can be carried away alone. */
function setRootApart(folder: string, rootFolder: string): string | null {
  const made = join(folder, 'root.pem');
  const apart = join(rootFolder, 'root.pem');
  if (existsSync(made)) {
    mkdirSync(rootFolder, { recursive: true, mode: 0o700 });
    try {
      renameSync(made, apart);
    } catch (error) {
      // The other of two nodes that start together has moved it.
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
  return existsSync(apart) ? apart : null;
}

function readKey(folder: string, name: string, chain: readonly Certificate[]): SigningKey {
  return {
    privateKey: forge.pki.privateKeyFromPem(
      readFileSync(join(folder, `${name}.pem`), 'utf8'),
    ) as forge.pki.rsa.PrivateKey,
    certificate: certificateFromPem(readFileSync(join(folder, `${name}-certificate.pem`), 'utf8')),
    chain,
  };
}

function readFormer(folder: string): Certificate[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.pem'));
  return files.toSorted().map((name) => certificateFromPem(readFileSync(join(folder, name), 'utf8')));
}

const generate = promisify(generateKeyPair);

/** An RSA key of 3072 bits from node:crypto, which is some hundred times faster at it than forge. */
async function makeKey(): Promise<forge.pki.rsa.KeyPair> {
  const { privateKey } = await generate('rsa', {
    modulusLength: 3072,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey) as forge.pki.rsa.PrivateKey;
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) as forge.pki.rsa.PublicKey };
}
