import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, fromUtf8, toHex } from '../src/formats/bytes.ts';
import { openCheckpoint } from '../src/formats/log/checkpoint.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../src/formats/log/merkle.ts';
import { parseVkey } from '../src/formats/log/note.ts';
import { parsePolicy } from '../src/formats/log/tlog-policy.ts';
import { parseTlogProof, verifyTlogProof } from '../src/formats/log/tlog-proof.ts';
import { commitmentOf, sealedLeafBytes } from '../src/formats/sealed-act.ts';
import { newId } from '../src/platform/ids.ts';
import { startJournal, type TestJournal } from './support/journal.ts';

let test: TestJournal;
beforeAll(async () => {
  test = await startJournal();
});
afterAll(() => test.close());

const policy = () => parsePolicy(test.journal.policyFile().text);
const leafOfEntry = async (entryId: string): Promise<Uint8Array> => {
  const [row] = await test.db.query('select leaf from journal_entry where id = ?', [entryId]);
  return new Uint8Array(row!.leaf as Uint8Array);
};

describe('the log of the journal', () => {
  it('gives a receipt that proves the entry under the policy of the log', async () => {
    const { entryIds } = await test.acted(newId(), { type: 'add', amounts: [1] });
    const receipt = await test.journal.receipt(entryIds[0]!);
    const proof = parseTlogProof(receipt.text);
    const leaf = await leafOfEntry(entryIds[0]!);
    expect(verifyTlogProof(proof, leaf, policy()).witnessed).toBe(false);
    expect([proof.index, proof.extra, receipt.cosigned]).toEqual([receipt.index, null, false]);
    expect(receipt.leafSha256).toBe(toHex(leafHash(leaf)));
  });

  it('gives the author of a sealed act what opens its commitment', async () => {
    const { entryIds } = await test.acted(newId(), { type: 'addSecretly', amount: 7 });
    const { extra } = parseTlogProof((await test.journal.receipt(entryIds[0]!)).text);
    const { act, salt } = JSON.parse(fromUtf8(extra!)) as { act: { amount: number }; salt: string };
    expect(act.amount).toBe(7);
    expect(sealedLeafBytes(commitmentOf(fromHex(salt), act))).toEqual(await leafOfEntry(entryIds[0]!));
  });

  it('numbers entries without gaps, in the order in which they were seen committed', async () => {
    const subjects = Array.from({ length: 40 }, () => newId());
    const acts = await Promise.all(subjects.map((s) => test.acted(s, { type: 'add', amounts: [1, 2, 3] })));
    const indexes = await Promise.all(
      acts.flatMap(({ entryIds }) => entryIds.map((id) => test.journal.whenSequenced(id))),
    );
    for (let i = 0; i < indexes.length; i += 3)
      expect(indexes[i + 1]! > indexes[i]! && indexes[i + 2]! > indexes[i + 1]!).toBe(true);
    const [row] = await test.db.query(
      'select count(*)::text as n, max(log_index)::text as last, count(distinct log_index)::text as d from journal_leaf',
    );
    expect([Number(row!.n), Number(row!.d)]).toEqual([Number(row!.last) + 1, Number(row!.last) + 1]);
  });

  it('publishes trees that extend one another', async () => {
    const key = parseVkey(test.journal.vkey());
    const before = openCheckpoint(await test.journal.checkpoint(), key);
    const { entryIds } = await test.acted(newId(), { type: 'add', amounts: Array.from({ length: 600 }, () => 1) });
    const index = await test.journal.whenSequenced(entryIds[599]!);
    const after = openCheckpoint(await test.journal.checkpoint(), key);
    expect(after.size).toBeGreaterThan(before.size);
    const path = await test.journal.tree.consistencyPath(before.size, after.size);
    verifyConsistency({ from: before.size, to: after.size, fromRoot: before.root, toRoot: after.root, path });
    const leaf = leafHash(await leafOfEntry(entryIds[599]!));
    const inclusion = await test.journal.tree.inclusionPath(index, after.size);
    verifyInclusion({ leafHash: leaf, index, size: after.size, path: inclusion, root: after.root });
  });

  it('refuses the receipt of an entry that is not there', async () => {
    await expect(test.journal.receipt(newId())).rejects.toThrow('not-found');
  });
});
