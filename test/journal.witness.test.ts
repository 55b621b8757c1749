import { mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../src/formats/bytes.ts';
import { formatAddCheckpoint } from '../src/formats/log/add-checkpoint.ts';
import { parseCheckpoint, signCheckpoint } from '../src/formats/log/checkpoint.ts';
import { verifyCosignature } from '../src/formats/log/cosignature.ts';
import { leafHash, treeRoot } from '../src/formats/log/merkle.ts';
import { formatVkey, logKeyType, parseSignatureLine, parseVkey } from '../src/formats/log/note.ts';
import { consistencySubtrees } from '../src/formats/log/subtrees.ts';
import { openWitnessedCheckpoint, parsePolicy } from '../src/formats/log/tlog-policy.ts';
import { parseTlogProof, verifyTlogProof } from '../src/formats/log/tlog-proof.ts';
import { LogRefusesToStart } from '../src/journal/head.ts';
import { logOrigin } from '../src/journal/log.ts';
import { newId } from '../src/platform/ids.ts';
import { createSigner } from '../src/platform/signer-file.ts';
import { type RunningWitness, runWitness, type WitnessOptions } from '../src/witness-node/witness.ts';
import { dataFolder, freshDatabase, journalOn, type TestDatabase } from './support/journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'yangguang-witness-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A log in memory, whose history can be rewritten. */
const signer = createSigner(join(folder, 'log-key'), 'log.memory.example/yangguang', logKeyType);
const leaves = Array.from({ length: 20 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const forged = leaves.with(3, leafHash(utf8('another entry')));
const at = (size: number, hashes = leaves) =>
  signCheckpoint({ origin: signer.key.name, size: BigInt(size), root: treeRoot(hashes.slice(0, size)) }, signer);
const proof = (from: number, to: number, hashes = leaves) =>
  consistencySubtrees(BigInt(from), BigInt(to)).map(({ start, end }) =>
    treeRoot(hashes.slice(Number(start), Number(end))),
  );
const request = (from: number, to: number, hashes = leaves) =>
  formatAddCheckpoint({ oldSize: BigInt(from), path: proof(from, to, hashes), checkpoint: at(to, hashes) });

const options = (name: string, more: Partial<WitnessOptions> = {}): WitnessOptions => ({
  stateFile: join(folder, `${name}-state.json`),
  keyFile: join(folder, `${name}-key`),
  listen: { host: '127.0.0.1', port: 0 },
  logVkey: formatVkey(signer.key),
  name: `${name}.example/w`,
  ...more,
});
const post = async (witness: RunningWitness, body: string) => {
  const answer = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

describe('the outside witness', () => {
  it('cosigns a tree that extends the last one, and remembers it before it answers', async () => {
    const witness = await runWitness(options('honest', { seconds: () => 1_800_000_000n }));
    for (const [from, to] of [
      [0, 5],
      [5, 5],
      [5, 20],
    ] as const) {
      const { status, text } = await post(witness, request(from, to));
      const signature = parseSignatureLine(text.trimEnd())!;
      const body = parseCheckpoint(at(to)).note.text;
      expect([status, verifyCosignature(body, signature, parseVkey(witness.vkey))]).toEqual([200, 1_800_000_000n]);
      expect(readFileSync(options('honest').stateFile, 'utf8')).toContain(`"size": "${to}"`);
    }
    expect(statSync(options('honest').keyFile).mode & 0o777).toBe(0o600);
    await witness.close();
    const again = await runWitness(options('honest'));
    expect(again.vkey).toBe(witness.vkey);
    expect(await post(again, request(5, 20))).toMatchObject({ status: 409, type: 'text/x.tlog.size', text: '20\n' });
    await again.close();
  });

  it.each([
    ['another old size', () => request(0, 10), 409],
    ['another root of the same size', () => request(5, 5, forged), 409],
    ['a rewritten history', () => request(5, 12, forged), 422],
    ['a broken proof', () => request(5, 12).replace(/\n[A-Za-z0-9+/=]{44}\n/, '\n'), 422],
    [
      'a proof where none belongs',
      () => request(5, 5).replace('old 5\n', `old 5\n${request(5, 12).split('\n')[1]}\n`),
      422,
    ],
    ['an old size above the new one', () => request(5, 12).replace('old 5', 'old 13'), 400],
    ['another log', () => request(5, 12).replaceAll('log.memory', 'log.other'), 404],
    ['a false signature', () => request(5, 12).replace('\n12\n', '\n13\n'), 403],
    ['no checkpoint', () => 'old 5\n\nhello\n', 400],
    ['nonsense', () => 'hello', 400],
    ['too much', () => 'x'.repeat(300_000), 413],
  ])('answers %s with the status of the protocol and cosigns nothing', async (_, make, status) => {
    const name = `strict-${status}-${_.replaceAll(' ', '-')}`;
    const witness = await runWitness(options(name));
    await post(witness, request(0, 5));
    const before = readFileSync(options(name).stateFile, 'utf8');
    expect((await post(witness, make())).status).toBe(status);
    expect(readFileSync(options(name).stateFile, 'utf8')).toBe(before);
    await witness.close();
  });

  it('keeps the first request that proves a fork, apart from what anybody can send', async () => {
    const witness = await runWitness(options('evidence'));
    const kept = (kind: string) => readFileSync(`${options('evidence').stateFile}.${kind}`, 'utf8');
    await post(witness, request(0, 5));
    await post(witness, request(5, 12, forged));
    expect(kept('unproved')).toBe(request(5, 12, forged));
    await post(witness, request(5, 5, forged));
    expect(kept('conflict')).toBe(request(5, 5, forged));
    // An honest checkpoint with a broken proof, which needs no key at all.
    const broken = request(5, 12).replace(/\n[A-Za-z0-9+/=]{44}\n/, '\n');
    await post(witness, broken);
    expect([kept('conflict'), kept('unproved')]).toEqual([request(5, 5, forged), broken]);
    await witness.close();
  });

  it('takes one of two requests that race', async () => {
    const witness = await runWitness(options('race'));
    const answers = await Promise.all([
      post(witness, request(0, 5)),
      post(witness, request(0, 9)),
      post(witness, request(0, 20)),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    await witness.close();
  });

  it('refuses to start when its state is lost, broken or of another log', async () => {
    const witness = await runWitness(options('lost'));
    await witness.close();
    unlinkSync(options('lost').stateFile);
    await expect(runWitness(options('lost'))).rejects.toThrow('Restore it');
    writeFileSync(options('lost').stateFile, '{}');
    await expect(runWitness(options('lost'))).rejects.toThrow('cannot be used');
    await expect(runWitness(options('other', { origin: 'log.other.example/yangguang' }))).rejects.toThrow('origin');
  });
});

describe('a log with witnesses', () => {
  const data = dataFolder();
  const origin = logOrigin('test.example');
  const witnesses: RunningWitness[] = [];
  let database: TestDatabase;
  let policyFile: string;
  let open: () => ReturnType<typeof journalOn>;
  let db: Awaited<ReturnType<TestDatabase['open']>>;

  beforeAll(async () => {
    const log = createSigner(join(data.path, 'secrets', 'log-key'), origin, logKeyType);
    for (const name of ['supervisor', 'association', 'newspaper'])
      witnesses.push(await runWitness(options(`real-${name}`, { logVkey: formatVkey(log.key), origin })));
    policyFile = join(data.path, 'policy');
    const lines = witnesses.map(({ vkey, url }, i) => `witness w${i} ${vkey} ${url}`);
    writeFileSync(
      policyFile,
      [`log ${formatVkey(log.key)}`, ...lines, 'group g 2 w0 w1 w2', 'quorum g', ''].join('\n'),
    );
    database = await freshDatabase();
    db = await database.open();
    open = () => journalOn(db, data.path, { logPolicyFile: policyFile });
  });
  afterAll(async () => {
    await Promise.all(witnesses.map((witness) => witness.close()));
    await db.close();
    await database.drop();
    data.remove();
  });

  it('says cosigned only once a quorum has cosigned, and upgrades its receipts', async () => {
    const node = await open();
    const policy = parsePolicy(readFileSync(policyFile, 'utf8'));
    const { entryIds } = await node.acted(newId(), { type: 'add', amounts: [1] });
    const first = await node.journal.receipt(entryIds[0]!);
    expect([first.cosigned, await node.journal.cosigned(first.index)]).toEqual([false, false]);
    await witnesses[2]!.close();
    await node.journal.requestCosignatures();
    expect(await node.journal.cosigned(first.index)).toBe(true);
    const second = await node.journal.receipt(entryIds[0]!);
    const [row] = await node.db.query('select leaf from journal_entry where id = ?', [entryIds[0]]);
    const verified = verifyTlogProof(parseTlogProof(second.text), new Uint8Array(row!.leaf as Uint8Array), policy);
    expect([second.cosigned, verified.witnessed, [...verified.cosigned.keys()]]).toEqual([true, true, ['w0', 'w1']]);
    expect(openWitnessedCheckpoint((await node.journal.cosignedCheckpoint())!, policy).size).toBe(verified.size);
    await node.acted(newId(), { type: 'add', amounts: [1, 2, 3] }).then(async ({ entryIds: more }) => {
      const index = await node.journal.whenSequenced(more[2]!);
      expect(await node.journal.cosigned(index)).toBe(false);
      await node.journal.requestCosignatures();
      expect(await node.journal.cosigned(index)).toBe(true);
    });
    await node.journal.stop();
  });

  it('reads no more of an answer than its bound, though the witness never stops', async () => {
    const all = 50_000_000;
    let sent = 0;
    const endless = createServer((_, response) => {
      const piece = 'x'.repeat(65_536);
      const pour = () => {
        for (let more = true; more && sent < all; sent += piece.length) more = response.write(piece);
      };
      response.on('drain', pour);
      pour();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const [elsewhere, empty] = [dataFolder(), await freshDatabase()];
    const other = await empty.open();
    const { port } = endless.address() as AddressInfo;
    const node = await journalOn(other, elsewhere.path, { witnessUrls: [`http://127.0.0.1:${port}`] });
    await node.journal.stop();
    expect(sent).toBeGreaterThan(100_000);
    expect(sent).toBeLessThan(all / 2);
    await new Promise((resolve) => endless.close(resolve));
    await other.close();
    await empty.drop();
    elsewhere.remove();
  });

  it('refuses to start when a witness has seen a larger tree than the database holds', async () => {
    // An operator who loses both the database and the head file still meets the witnesses.
    const empty = await freshDatabase();
    const lost = await empty.open();
    const elsewhere = dataFolder();
    createSignerCopy(join(data.path, 'secrets', 'log-key'), join(elsewhere.path, 'secrets', 'log-key'));
    const start = journalOn(lost, elsewhere.path, { logPolicyFile: policyFile });
    await expect(start).rejects.toThrow(LogRefusesToStart);
    await expect(start).rejects.toThrow('拒绝启动');
    await lost.close();
    await empty.drop();
    elsewhere.remove();
  });
});

function createSignerCopy(from: string, to: string): void {
  createSigner(to, 'unused', logKeyType);
  writeFileSync(to, readFileSync(from));
}
