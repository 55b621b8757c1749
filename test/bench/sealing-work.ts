/** One measurement in a process of its own: `seal CONTENT OUT`, `open TENDER`, `open-many TENDER COUNT THREADS`. */
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import forge from 'node-forge';
import { fromBase64, sha256Hex, toBase64 } from '../../src/formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../../src/formats/canonical.ts';
import { certificateSha256, type SigningKey, signDetached } from '../../src/formats/cms.ts';
import { type OpeningPolicy, openingPolicy } from '../../src/formats/opening-policy.ts';
import { nativePrimitives } from '../../src/platform/age-primitives.ts';
import { filePieces } from '../../src/platform/file-pieces.ts';
import { hashThreads } from '../../src/platform/hash-threads.ts';
import {
  generateIdentity,
  identityToRecipient,
  openShare,
  type Primitives,
  type ReleasedItem,
  type SealedTender,
  sealTender,
  unsealTender,
} from '../../src/sealing/index.ts';

const now = Temporal.Instant.from('2026-11-20T01:00:00Z');

/** What opening needs beside tender.age, written next to it. */
type Opening = { policy: string; manifest: string; p7s: string; items: ReleasedItem[] };

/** A self-made root and a signer below it. */
function signer(root?: SigningKey): SigningKey {
  const pair = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = pair.publicKey;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore.setTime(now.epochMilliseconds - 1000);
  certificate.validity.notAfter.setTime(now.epochMilliseconds + 1e10);
  certificate.setSubject([{ shortName: 'CN', value: certificate.serialNumber }]);
  certificate.setIssuer((root?.certificate ?? certificate).subject.attributes);
  certificate.setExtensions(root ? [] : [{ name: 'basicConstraints', cA: true }]);
  certificate.sign(root?.privateKey ?? pair.privateKey, forge.md.sha256.create());
  return { privateKey: pair.privateKey, certificate, chain: [] };
}

async function seal(content: string, out: string): Promise<void> {
  const root = signer();
  const bidder = signer(root);
  const keys = await Promise.all(
    [1, 2, 3].map(async (x) => ({ x, identity: await generateIdentity(), key: signer(root) })),
  );
  const roles = ['host', 'witness', 'supervisor'] as const;
  const policy: OpeningPolicy = {
    type: 'yangguang.org/opening-policy/v1',
    suite: 'YG1',
    opening: 'opening-1',
    lots: ['lot-1'],
    deadline: '2026-11-24T01:00:00.000000Z',
    mode: 'quorum',
    k: 2,
    officers: await Promise.all(
      keys.map(async ({ x, identity, key }, i) => ({
        x,
        role: roles[i]!,
        recipient: await identityToRecipient(identity),
        certSha256: certificateSha256(key.certificate),
      })),
    ),
    logPolicySha256: null,
  };
  const policyBytes = canonicalBytes(policy);
  const bytes = statSync(content).size;
  const file = openSync(out, 'w');
  const primitives = hashThreads();
  const idle = process.memoryUsage.rss();
  const from = performance.now();
  const sealed = await sealTender(
    {
      policyBytes,
      policySignatures: keys.map(({ key }) => signDetached(key, policyBytes, now)),
      roots: [root.certificate],
      key: bidder,
      lot: 'lot-1',
      bidder: 'org-1',
      seq: 1,
      prev: null,
      readOut: { priceFen: '1' },
      files: [{ name: 'content.bin', bytes, content: () => filePieces(content) }],
      now,
      passphrase: null,
      primitives,
    },
    (piece) => void writeSync(file, piece),
  );
  report(bytes, from, idle);
  closeSync(file);
  await primitives.close();
  writeFileSync(`${out}.key`, sealed.identity);
  writeFileSync(`${out}.json`, JSON.stringify(await openingOf(sealed, policyBytes, keys)));
}

async function openingOf(
  sealed: SealedTender,
  policyBytes: Uint8Array,
  keys: readonly { x: number; identity: string }[],
): Promise<Opening> {
  const items = await Promise.all(
    keys.map(async ({ x, identity }) => ({
      x,
      ...(await openShare({ manifest: sealed.manifest, x }, sealed.envelopes[x - 1]!.bytes, identity)),
    })),
  );
  return { policy: toBase64(policyBytes), manifest: toBase64(sealed.manifestBytes), p7s: toBase64(sealed.p7s), items };
}

/** Opens the tender once, as the server's workers do, and throws where it does not open. */
async function openOnce(path: string, primitives: Primitives): Promise<void> {
  const { policy, manifest, p7s, items } = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Opening;
  const policyBytes = fromBase64(policy);
  const verdict = await unsealTender({
    known: { policy: parseCanonical(openingPolicy, policyBytes), sha256: sha256Hex(policyBytes) },
    manifestBytes: fromBase64(manifest),
    opener: { items },
    signature: { p7s: fromBase64(p7s) },
    tender: filePieces(path),
    primitives,
  });
  if (verdict.result !== 'opened') throw new Error(`${verdict.code}: ${verdict.detail}`);
}

async function open(path: string): Promise<void> {
  const idle = process.memoryUsage.rss();
  const primitives = hashThreads();
  await openOnce(path, primitives); // compiles the code and starts the threads; its memory counts, its time does not
  const from = performance.now();
  await openOnce(path, primitives);
  report(statSync(path).size, from, idle);
  await primitives.close();
}

/** Each thread takes its part of the tenders; within a thread everything is sequential. */
async function openMany(path: string, count: number, threads: number): Promise<void> {
  const idle = process.memoryUsage.rss();
  const from = performance.now();
  const each = Array.from({ length: threads }, (_, i) => Math.floor((count + i) / threads));
  await Promise.all(
    each.map((n) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { path, n } });
      return new Promise<void>((resolve, reject) => worker.once('message', () => resolve()).once('error', reject));
    }),
  );
  report(statSync(path).size * count, from, idle);
}

/** One line of JSON: speed, and the highest memory of the process above what it held before. */
function report(bytes: number, from: number, idle: number): void {
  const mbPerSecond = bytes / 1000 / (performance.now() - from);
  const memoryMb = (process.resourceUsage().maxRSS * 1024 - idle) / 1e6;
  console.log(JSON.stringify({ mbPerSecond, memoryMb }));
}

if (!isMainThread) {
  const { path, n } = workerData as { path: string; n: number };
  for (let i = 0; i < n; i++) await openOnce(path, nativePrimitives);
  parentPort?.postMessage('done');
} else {
  const [what, path = '', ...rest] = process.argv.slice(2);
  if (what === 'seal') await seal(path, rest[0]!);
  else if (what === 'open') await open(path);
  else await openMany(path, Number(rest[0]), Number(rest[1]));
}
