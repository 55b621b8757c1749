/** The log over HTTP: checkpoint, tiles and entries as in c2sp.org/tlog-tiles, proofs, and JSON for people who explore. */
import { z } from 'zod';
import { fromUtf8, toBase64, toHex, utf8 } from '../formats/bytes.ts';
import { parseSize } from '../formats/log/checkpoint.ts';
import { leafHash } from '../formats/log/merkle.ts';
import { encodeEntries, parseTilePath, tileWidth, tileWidthIn } from '../formats/log/tiles.ts';
import { BinaryAnswer, type Route, route } from '../platform/http/route.ts';
import { commonRefusal, type Refusal } from '../platform/refusal.ts';
import type { Journal } from './act.ts';
import { journalRefusal } from './receipts.ts';

const size = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})$/)
  .transform(BigInt);
const hash = z.base64();
const pathAnswer = z.object({ path: z.array(hash) });
const entryAnswer = z.object({
  index: z.string(),
  leafSha256: z.string(),
  /** The published leaf, as it was hashed. */
  leaf: z.unknown(),
});
const segment = z.string().max(8);

const text = (body: string, cache = 'no-cache') =>
  new BinaryAnswer(utf8(body), 'text/plain; charset=utf-8', { 'Cache-Control': cache });
const forEver = { 'Cache-Control': 'public, max-age=31536000, immutable' };

/** The journal's routes: all public, since the log is for strangers. Sealed acts show their commitment only. */
export function journalRoutes(journal: Journal): Route[] {
  return [...noteRoutes(journal), ...tileRoutes(journal), ...proofRoutes(journal), ...entryRoutes(journal)];
}

function noteRoutes(journal: Journal): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/log/checkpoint',
        name: 'readCheckpoint',
        who: 'anyone',
        summary: { zh: '最新检查点（C2SP）', en: 'The newest signed checkpoint (C2SP tlog-checkpoint)' },
        answer: 'binary',
        refusals: [],
      },
      async () => text(await journal.checkpoint()),
    ),
    route(
      {
        method: 'GET',
        path: '/log/checkpoint/cosigned',
        name: 'readCosignedCheckpoint',
        who: 'anyone',
        summary: {
          zh: '最新的已获见证签名的检查点；未设见证方时为 404（未见证）',
          en: "The newest checkpoint that meets the log policy's quorum; 404 where the log is unwitnessed",
        },
        answer: 'binary',
        refusals: ['not-found'],
      },
      async () => {
        const checkpoint = await journal.cosignedCheckpoint();
        return checkpoint === null ? commonRefusal('not-found', { log: 'unwitnessed' }) : text(checkpoint);
      },
    ),
    route(
      {
        method: 'GET',
        path: '/log/vkey',
        name: 'readLogKey',
        who: 'anyone',
        summary: { zh: '日志公钥（vkey）', en: "The log's public key as a vkey line" },
        answer: 'binary',
        refusals: [],
      },
      async () => text(`${journal.vkey()}\n`),
    ),
    route(
      {
        method: 'GET',
        path: '/log/policy',
        name: 'readLogPolicy',
        who: 'anyone',
        summary: { zh: '日志策略（C2SP tlog-policy）', en: 'The log policy (C2SP tlog-policy)' },
        answer: 'binary',
        refusals: [],
      },
      async () => text(journal.policyFile().text),
    ),
  ];
}

function tileRoutes(journal: Journal): Route[] {
  const params = z.strictObject({
    level: segment,
    a: segment,
    b: segment.optional(),
    c: segment.optional(),
    d: segment.optional(),
  });
  return [
    route(
      {
        method: 'GET',
        path: '/log/tile/:level/:a{/:b}{/:c}{/:d}',
        name: 'readTile',
        who: 'anyone',
        summary: {
          zh: '哈希分块或条目包（C2SP tlog-tiles）',
          en: 'A tile of hashes or a bundle of entries (C2SP tlog-tiles)',
        },
        params,
        answer: 'binary',
        refusals: ['not-found'],
      },
      async ({ params: { level, a, b, c, d } }) => {
        const tile = parseTilePath(['tile', level, a, b, c, d].filter((part) => part !== undefined).join('/'));
        if (!tile) return commonRefusal('not-found');
        const { n, width } = tile;
        const isEntries = tile.level === 'entries';
        if (width > tileWidthIn(journal.size(), tile.level === 'entries' ? 0 : tile.level, n))
          return commonRefusal('not-found');
        const bytes = isEntries
          ? await entryBundle(journal, n, width)
          : await journal.tree.tile(Number(tile.level), n, width);
        return bytes ? new BinaryAnswer(bytes, 'application/octet-stream', forEver) : commonRefusal('not-found');
      },
    ),
  ];
}

async function entryBundle(journal: Journal, n: bigint, width: number): Promise<Uint8Array> {
  const entries = await journal.entries(n * BigInt(tileWidth), width);
  return encodeEntries(entries.map(({ leaf }) => leaf));
}

function proofRoutes(journal: Journal): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/log/proof/inclusion',
        name: 'proveInclusion',
        who: 'anyone',
        summary: {
          zh: '条目包含证明（RFC 6962 2.1.1）',
          en: 'Inclusion proof of an index in a tree size (RFC 6962 2.1.1)',
        },
        query: z.strictObject({ index: size, size }),
        answer: pathAnswer,
        refusals: ['not-found'],
      },
      async ({ query }) => {
        if (query.size > journal.size() || query.index >= query.size) return commonRefusal('not-found');
        return { path: (await journal.tree.inclusionPath(query.index, query.size)).map(toBase64) };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/log/proof/consistency',
        name: 'proveConsistency',
        who: 'anyone',
        summary: {
          zh: '一致性证明（RFC 6962 2.1.2）',
          en: 'Consistency proof between two tree sizes (RFC 6962 2.1.2)',
        },
        query: z.strictObject({ from: size, to: size }),
        answer: pathAnswer,
        refusals: ['not-found'],
      },
      async ({ query }) => {
        if (query.to > journal.size() || query.from > query.to) return commonRefusal('not-found');
        return { path: (await journal.tree.consistencyPath(query.from, query.to)).map(toBase64) };
      },
    ),
  ];
}

function entryRoutes(journal: Journal): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/log/entries',
        name: 'listLogEntries',
        who: 'anyone',
        summary: { zh: '日志条目（JSON，按序号）', en: 'Leaves of the log as JSON, by index' },
        query: z.strictObject({ from: size.default(0n), limit: z.coerce.number().int().min(1).max(256).default(50) }),
        answer: z.object({ size: z.string(), entries: z.array(entryAnswer) }),
        refusals: [],
      },
      async ({ query }) => ({
        size: journal.size().toString(),
        entries: (await journal.entries(query.from, query.limit)).map(presentLeaf),
      }),
    ),
    route(
      {
        method: 'GET',
        path: '/log/entries/:index/body',
        name: 'readEntryBody',
        who: 'anyone',
        summary: { zh: '大条目的正文（其哈希见叶子）', en: 'The body of a leaf that names it by bodySha256' },
        params: z.strictObject({ index: z.string().max(19) }),
        answer: 'binary',
        refusals: ['not-found'],
      },
      async ({ params }) => {
        const body = await readBody(journal, parseSize(params.index));
        return body ? new BinaryAnswer(body, 'application/json', forEver) : commonRefusal('not-found');
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/receipts/:entryId',
        name: 'readReceipt',
        who: 'anyone',
        summary: { zh: '公开事项的回执（C2SP tlog-proof）', en: 'The receipt of an open entry (C2SP tlog-proof)' },
        params: z.strictObject({ entryId: z.uuid() }),
        answer: 'binary',
        refusals: ['not-found', 'receipt-sealed', 'receipt-pending'],
      },
      async ({ params }) => openReceipt(journal, params.entryId),
    ),
  ];
}

/** What a stranger sees of an entry: its leaf. */
export function presentLeaf({ index, leaf }: { index: bigint; leaf: Uint8Array }): z.infer<typeof entryAnswer> {
  return { index: index.toString(), leafSha256: toHex(leafHash(leaf)), leaf: JSON.parse(fromUtf8(leaf)) as unknown };
}

async function readBody(journal: Journal, index: bigint | null): Promise<Uint8Array | null> {
  if (index === null || index >= journal.size()) return null;
  const [row] = await journal.db.query(
    'select e.body from journal_leaf l join journal_entry e on e.id = l.entry_id where l.log_index = ?',
    [index.toString()],
  );
  return row?.body ? new Uint8Array(row.body as Uint8Array) : null;
}

async function openReceipt(journal: Journal, entryId: string): Promise<BinaryAnswer | Refusal> {
  const [row] = await journal.db.query('select sealed_act is not null as sealed from journal_entry where id = ?', [
    entryId,
  ]);
  if (!row) return commonRefusal('not-found');
  if (row.sealed) return journalRefusal('receipt-sealed');
  const receipt = await journal.receipt(entryId);
  return new BinaryAnswer(utf8(receipt.text), 'text/plain; charset=utf-8', {
    'Cache-Control': 'no-cache',
    'Content-Disposition': `attachment; filename="${entryId}.tlog-proof"`,
  });
}
