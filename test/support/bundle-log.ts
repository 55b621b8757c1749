/** A log for tests of bundles: leaves in order, checkpoints signed by the log and cosigned by witnesses at a given time. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { fromHex, sha256, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import { parseCheckpoint, signCheckpoint } from '../../src/formats/log/checkpoint.ts';
import { cosign } from '../../src/formats/log/cosignature.ts';
import { leafHash, treeRoot } from '../../src/formats/log/merkle.ts';
import {
  formatVkey,
  type KeyType,
  logKeyType,
  type Signer,
  verifierKey,
  witnessKeyType,
} from '../../src/formats/log/note.ts';
import { commitmentOf, type SealedAct, sealedLeafBytes } from '../../src/formats/sealed-act.ts';

/** A signer whose key follows from its name. */
export function signerNamed(name: string, type: KeyType): Signer {
  const pkcs8 = Buffer.concat([fromHex('302e020100300506032b657004220420'), sha256(utf8(`seed ${name}`))]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    key: verifierKey(name, type, new Uint8Array(spki.subarray(-32))),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

export const logSigner = signerNamed('log.test.example/yangguang', logKeyType);
export const witnesses = ['supervisor', 'association', 'newspaper'].map((name) =>
  signerNamed(`${name}.example/w`, witnessKeyType),
);
export const witnessPolicy = [
  `log ${formatVkey(logSigner.key)}`,
  ...witnesses.map(({ key }, i) => `witness w${i} ${formatVkey(key)}`),
  'group outside 2 w0 w1 w2',
  'quorum outside',
  '',
].join('\n');

export const secondsOf = (at: string): bigint => BigInt(Math.floor(Temporal.Instant.from(at).epochMilliseconds / 1000));

/** A signed checkpoint of the leaves, cosigned by the witnesses of these numbers. */
export function checkpointOf(
  leaves: readonly Uint8Array[],
  at: string,
  cosigners = [0, 1],
  signer = logSigner,
): string {
  const signed = signCheckpoint(
    { origin: signer.key.name, size: BigInt(leaves.length), root: treeRoot(leaves.map(leafHash)) },
    signer,
  );
  const { text } = parseCheckpoint(signed).note;
  return signed + cosigners.map((i) => `${cosign(text, witnesses[i]!, secondsOf(at))}\n`).join('');
}

export const saltOf = (index: number): Uint8Array => sha256(utf8(`salt ${index}`));

export class TestLog {
  readonly leaves: Uint8Array[] = [];

  open(kind: string, body: unknown, at: string, subject = 'subject-1'): number {
    this.leaves.push(canonicalBytes({ v: 1, type: 'open', at, kind, subject, actor: 'system', body }));
    return this.leaves.length - 1;
  }

  sealed(act: SealedAct): number {
    const index = this.leaves.length;
    this.leaves.push(sealedLeafBytes(commitmentOf(saltOf(index), act)));
    return index;
  }
}
