import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPerson } from '../src/cli/demo/city.ts';
import type { Published } from '../src/cli/demo/prepare.ts';
import type { Filed } from '../src/cli/programs/file-tender.ts';
import { fromBase64 } from '../src/formats/bytes.ts';
import { parseCanonical } from '../src/formats/canonical.ts';
import { verifyChain, verifyDetached } from '../src/formats/cms.ts';
import { refusalNote } from '../src/formats/refusal-note.ts';
import {
  type Filing,
  file,
  filingOf,
  openStage,
  type Parts,
  refusalOf,
  resign,
  type Stage,
  sealParts,
  upload,
} from './support/stage.ts';

let stage: Stage;
let lot: string;
let second: Published;
beforeAll(async () => {
  stage = await openStage(0);
  lot = stage.published.lot;
  second = await stage.publishAnother();
});
afterAll(() => stage.close());

const now = () => stage.world.now();
const query = (sql: string, params: readonly unknown[] = []) => stage.app.journal.db.query(sql, params);
/** A bidder with nothing on the lot yet. */
const newcomer = () => stage.world.city.person('bidder');

describe.runIf(process.env.DATABASE_URL)('a database connection that is cut in the middle of a filing', () => {
  it('leaves nothing behind, and the same filing again is taken once', async () => {
    const bidder = await newcomer();
    const parts = await sealParts(stage, bidder, lot);
    const filing = filingOf(parts, await upload(bidder, lot, parts.tenderBytes));
    const released = await holdProject(stage.published.project);
    const answer = refusalOf(file(bidder, lot, filing));
    await someoneWaits();
    await query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(await answer).toBe('database-unavailable');
    await released();
    const mine = () => bidder.client.call<OwnTenders>('GET', `/api/lots/${lot}/tenders/mine`);
    expect((await mine()).acts).toEqual([]);
    expect((await file(bidder, lot, filing)).outcome).toBe('sealed');
    expect((await mine()).acts).toHaveLength(1);
  });
});

describe('at the deadline', () => {
  it('of tenders filed at once around it each is in time or late by the instant it was taken, and none is lost', async () => {
    const { deadline } = stage.published;
    const filers = await Promise.all([1, 2, 3, 4].map(newcomer));
    const filings: { bidder: TestPerson; parts: Parts; filing: Filing }[] = [];
    for (const bidder of filers) {
      let parts = await sealParts(stage, bidder, lot);
      for (let seq = 1; seq <= 3; seq += 1) {
        if (seq > 1) {
          const { manifestSha256: prev } = parts;
          parts = resign(await sealParts(stage, bidder, lot), bidder, { seq, prev }, now());
        }
        filings.push({ bidder, parts, filing: filingOf(parts, await upload(bidder, lot, parts.tenderBytes)) });
      }
    }
    const ahead = Temporal.Instant.from(deadline).since(now()).subtract({ seconds: 30 });
    stage.app.clock.advance(ahead);
    const answers: Filed[] = [];
    const filed = async (seq: number) => {
      const round = filings.filter(({ parts }) => parts.manifest.seq === seq);
      await Promise.all(
        round.map(async ({ bidder, filing }) => {
          answers.push(await file(bidder, lot, filing));
          // With the second answer of the second round the deadline is there, while the others are on their way.
          if (answers.length === 6) stage.app.clock.advance(Temporal.Instant.from(deadline).since(now()));
        }),
      );
    };
    for (const seq of [1, 2, 3]) await filed(seq);
    const wrong = answers.filter(({ outcome, at }) => (outcome === 'late') !== at >= deadline);
    expect(wrong).toEqual([]);
    expect(answers.filter(({ outcome }) => outcome === 'sealed').length).toBeGreaterThanOrEqual(6);
    expect(answers.filter(({ outcome }) => outcome === 'late').length).toBeGreaterThanOrEqual(4);
    for (const { bidder, filing, parts } of filings) {
      // Asked again, each bidder is told the same, and its own list agrees.
      const known = answers.find((a) => a.manifestSha256 === parts.manifestSha256)!;
      const again = await file(bidder, lot, filing);
      expect([again.outcome, again.at]).toEqual([known.outcome, known.at]);
      const mine = await bidder.client.call<OwnTenders>('GET', `/api/lots/${lot}/tenders/mine`);
      const list = known.outcome === 'late' ? mine.late : mine.acts;
      expect(list.filter((a) => a.manifestSha256 === parts.manifestSha256)).toMatchObject([{ at: known.at }]);
    }
  });

  it('a late one gets a refusal that the centre signed, and is not read', async () => {
    const bidder = await newcomer();
    await stage.world.advanceTo(stage.published.deadline);
    const parts = await sealParts(stage, bidder, lot);
    const filed = await file(bidder, lot, { ...filingOf(parts, null), envelopes: [] });
    expect(filed.outcome).toBe('late');
    const document = fromBase64(filed.refusal!.document);
    expect(parseCanonical(refusalNote, document)).toMatchObject({
      lot,
      manifestSha256: parts.manifestSha256,
      code: 'deadline-passed',
      at: filed.at,
    });
    const { certificate, intermediates } = verifyDetached(
      document,
      fromBase64(filed.refusal!.signature),
      'certificate-hash',
    );
    verifyChain(certificate, intermediates, stage.world.roots, Temporal.Instant.from(filed.at));
    const [stored] = await query(`select state -> 'acts' as acts from tender_chain where id = ?`, [
      `${lot}:${(await bidder.client.call<{ handle: string }>('GET', `/api/lots/${lot}/tenders/mine`)).handle}`,
    ]);
    expect(stored!.acts).toEqual([]);
  });

  it('whoever waits for the project beyond it, held by another act, is late', async () => {
    const bidder = await newcomer();
    const { lot: other, deadline, project } = second;
    const parts = await sealParts(stage, bidder, other);
    const filing = filingOf(parts, await upload(bidder, other, parts.tenderBytes));
    stage.app.clock.advance(Temporal.Instant.from(deadline).since(now()).subtract({ seconds: 60 }));
    const release = await holdProject(project);
    const answer = file(bidder, other, filing);
    // The embedded database has one connection, so there every act waits for the one that holds it.
    if (stage.app.journal.db.kind === 'postgres') await someoneWaits();
    stage.app.clock.advance(Temporal.Instant.from(deadline).since(now()));
    await release();
    const { outcome, at } = await answer;
    expect([outcome, at >= deadline]).toEqual(['late', true]);
  });
});

type OwnTenders = Record<'acts' | 'late', readonly { readonly manifestSha256: string; readonly at: string }[]>;

/** Locks a project's row as an act on it would; the function that it gives lets go. */
async function holdProject(project: string): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holding = stage.app.journal.keep(async ({ em }) => {
    await em.execute('select 1 as one from project where id = ? for update', [project]);
    held.resolve();
    await release.promise;
  });
  await held.promise;
  return async () => {
    release.resolve();
    await holding;
  };
}

/** Resolves when some connection of this database waits for a lock. */
async function someoneWaits(): Promise<void> {
  for (;;) {
    const rows = await query(
      `select 1 as one from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}
