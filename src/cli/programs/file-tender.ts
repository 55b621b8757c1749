/**
 * The bidder's side: seals a tender into a folder, then uploads and files it. Sealing again would give other bytes, so a cut
 * line or a closed terminal goes on from the folder.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fromBase64, toBase64, utf8 } from '../../formats/bytes.ts';
import type { Certificate } from '../../formats/cms.ts';
import type { ReadOut } from '../../formats/offer.ts';
import { nativePrimitives } from '../../platform/age-primitives.ts';
import { type SealedTender, type SealFile, sealTender, withdrawTender } from '../../sealing/index.ts';
import type { Client } from '../client.ts';
import type { Progress } from '../progress.ts';

export type Filed = {
  readonly outcome: 'sealed' | 'withdrawn' | 'late';
  readonly at: string;
  readonly seq: number;
  readonly manifestSha256: string;
  readonly receipt: string;
  readonly refusal: { readonly document: string; readonly signature: string } | null;
};

type Lot = { readonly lot: string; readonly policySha256: string | null };
type PolicyAnswer = { readonly document: string; readonly signatures: readonly { readonly p7s: string }[] };
type OwnTenders = { readonly next: { readonly seq: number; readonly prev: string | null } };

export type SealOptions = {
  readonly client: Client;
  readonly lot: string;
  readonly readOut: ReadOut;
  /** Paths of the tender's files. */
  readonly files: readonly string[];
  readonly roots: readonly Certificate[];
  /** Folder for tender.age and all that belongs to it. */
  readonly folder: string;
  /** Of the kit, the bidder's own copy of the identity. */
  readonly passphrase: string;
  readonly now: Temporal.Instant;
  readonly progress: Progress;
  readonly kitWorkFactor?: number;
};

/** Checks the opening policy, seals into the folder and writes manifest, signature, envelopes and kit beside it. */
export async function sealIntoFolder(options: SealOptions): Promise<SealedTender> {
  const { client, lot, folder, progress } = options;
  const key = client.key;
  const bidder = client.session?.organisation;
  if (!key || !bidder) throw new Error('需要投标单位的证书 / a bidder’s certificate is needed');
  const { policySha256 } = await client.call<Lot>('GET', `/api/lots/${lot}`);
  if (policySha256 === null) throw new Error('该标段的开标规则尚未生效 / the lot has no opening policy in force');
  const policy = await client.call<PolicyAnswer>('GET', `/api/policies/${policySha256}`);
  const { next } = await client.call<OwnTenders>('GET', `/api/lots/${lot}/tenders/mine`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const output = createWriteStream(join(folder, 'tender.age'), { mode: 0o600, highWaterMark: 1 << 20 });
  const sealed = await sealTender(
    {
      ...next,
      lot,
      bidder,
      key,
      policyBytes: utf8(policy.document),
      policySignatures: policy.signatures.map((s) => fromBase64(s.p7s)),
      roots: options.roots,
      readOut: options.readOut,
      files: await Promise.all(options.files.map(sealFile)),
      now: options.now,
      passphrase: options.passphrase,
      ...(options.kitWorkFactor === undefined ? {} : { kitWorkFactor: options.kitWorkFactor }),
      primitives: nativePrimitives,
      onProgress: ({ stage, bytes, total }) => progress.update(`${stages[stage]}`, bytes, total),
    },
    async (piece) => {
      if (!output.write(piece)) await new Promise((resolve) => output.once('drain', resolve));
    },
  );
  output.end();
  await finished(output);
  await writeFile(join(folder, 'manifest.json'), sealed.manifestBytes);
  await writeFile(join(folder, 'manifest.json.p7s'), sealed.p7s);
  await writeFile(join(folder, 'offer.json'), sealed.offerBytes, { mode: 0o600 });
  for (const { x, bytes } of sealed.envelopes) await writeFile(join(folder, `share-${x}.age`), bytes);
  if (sealed.kit) await writeFile(join(folder, 'kit.age'), sealed.kit, { mode: 0o600 });
  return sealed;
}

const stages = {
  policy: '核对开标规则 checking the policy',
  tender: '打包并加密 packing, encrypting',
  shares: '分装钥匙 splitting the key',
  signature: '签名 signing',
  kit: '保存本人钥匙 keeping your own key',
} as const;

async function sealFile(path: string): Promise<SealFile> {
  const { size } = await stat(path);
  return { name: basename(path), bytes: size, content: () => createReadStream(path, { highWaterMark: 1 << 20 }) };
}

type Upload = { readonly id: string; readonly received: number; readonly bytes: number };

/** Uploads what lies in the folder, from where an earlier try stopped, files it and keeps the receipt there. */
export async function fileFromFolder(client: Client, lot: string, folder: string, progress: Progress): Promise<Filed> {
  const tender = join(folder, 'tender.age');
  const { size } = await stat(tender);
  const upload = await beginOrResume(client, lot, folder, size);
  if (upload.received < size) {
    const rest = createReadStream(tender, { start: upload.received, highWaterMark: 1 << 20 });
    const path = `/api/lots/${lot}/uploads/${upload.id}`;
    await client.upload('PATCH', path, counted(rest, upload.received, size, progress), {
      'upload-offset': String(upload.received),
    });
  }
  const manifest = await readFile(join(folder, 'manifest.json'));
  const shares = (JSON.parse(manifest.toString()) as { shares: { x: number }[] }).shares;
  const envelopes = await Promise.all(
    shares.map(async ({ x }) => ({ x, bytes: toBase64(await readFile(join(folder, `share-${x}.age`))) })),
  );
  return file(client, lot, folder, {
    upload: upload.id,
    manifest,
    envelopes,
    signature: await readFile(join(folder, 'manifest.json.p7s')),
  });
}

type Filing = {
  upload: string | null;
  manifest: Uint8Array;
  signature: Uint8Array;
  envelopes: { x: number; bytes: string }[];
};

async function file(client: Client, lot: string, folder: string, filing: Filing): Promise<Filed> {
  const filed = await client.call<Filed>('POST', `/api/lots/${lot}/tenders`, {
    upload: filing.upload,
    manifest: toBase64(filing.manifest),
    signature: toBase64(filing.signature),
    envelopes: filing.envelopes,
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'receipt.tlog-proof'), filed.receipt);
  if (filed.refusal) {
    await writeFile(join(folder, 'refusal.json'), fromBase64(filed.refusal.document));
    await writeFile(join(folder, 'refusal.json.p7s'), fromBase64(filed.refusal.signature));
  }
  return filed;
}

async function beginOrResume(client: Client, lot: string, folder: string, bytes: number): Promise<Upload> {
  const note = join(folder, 'upload-id');
  const id = await readFile(note, 'utf8').catch(() => null);
  if (id !== null) {
    const known = await client.call<Upload>('GET', `/api/lots/${lot}/uploads/${id}`).catch(() => null);
    if (known) return known;
  }
  const begun = await client.call<Upload>('POST', `/api/lots/${lot}/uploads`, { bytes });
  await writeFile(note, begun.id);
  return begun;
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  from: number,
  total: number,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  let sent = from;
  for await (const piece of stream) {
    yield piece;
    sent += piece.length;
    progress.update('上传 uploading', sent, total);
  }
}

/** Takes the standing tender back before the deadline (TR 35). */
export async function withdraw(client: Client, lot: string, folder: string, now: Temporal.Instant): Promise<Filed> {
  if (!client.key) throw new Error('需要投标单位的证书 / a bidder’s certificate is needed');
  const { policySha256 } = await client.call<Lot>('GET', `/api/lots/${lot}`);
  const { next } = await client.call<OwnTenders>('GET', `/api/lots/${lot}/tenders/mine`);
  const act = withdrawTender({ ...next, lot, policy: policySha256 ?? '', key: client.key, now });
  return file(client, lot, folder, { upload: null, manifest: act.manifestBytes, signature: act.p7s, envelopes: [] });
}
