import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rank } from '../evaluation/rank.ts';
import { evaluationProcedure } from '../src/evaluations/index.ts';
import {
  type EvaluationEvent,
  type EvaluationState,
  evolveEvaluation,
  initialEvaluation,
} from '../src/evaluations/rules.ts';
import { fromBase64, fromUtf8, sha256Hex } from '../src/formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../src/formats/canonical.ts';
import { verifyDetached } from '../src/formats/cms.ts';
import { evaluationReport, rankInputOf, rankingFault, rankingHash } from '../src/formats/evaluation-report.ts';
import { expertCommitment, scoreSheet } from '../src/formats/score-sheet.ts';
import { type Client, type EvaluationRoom, placeOf, startEvaluationRoom } from './support/evaluation-room.ts';

const scheme = {
  method: 'trimmed-average',
  params: { full: '60' },
  criteria: [
    { id: 'T1', part: 'technical', name: { zh: '施工组织', en: 'Method statement' }, max: '25', step: '0.5' },
    { id: 'C1', part: 'commercial', name: { zh: '业绩', en: 'Record' }, max: '15', step: '1' },
  ],
};
const yuan = [9_850_000, 10_120_000, 9_980_000, 10_300_000, 9_620_000, 10_600_000];

let room: EvaluationRoom;
let tenderer: string;
let bidders: string[];
let host: Client;
let owner: Client;
let supervisor: Client;
let bidder: Client;
let watcher: Client;
let administrator: Client;
let experts: Client[];

beforeAll(async () => {
  room = await startEvaluationRoom();
  const centre = await room.organisation('交易中心', ['centre']);
  tenderer = await room.organisation('城投公司', ['tenderer']);
  const supervision = await room.organisation('发改委', ['supervision']);
  const pool = await room.organisation('专家库', ['expertise']);
  bidders = [];
  for (const n of [1, 2, 3, 4, 5, 6]) bidders.push(await room.organisation(`第${n}建筑公司`, ['bidder']));
  host = await room.person('主持人', centre, ['host']);
  owner = await room.person('业主代表', tenderer, ['tenderer']);
  supervisor = await room.person('监督员', supervision, ['supervisor']);
  bidder = await room.person('投标人', bidders[0]!, ['bidder']);
  watcher = await room.person('见证人', centre, ['witness']);
  administrator = await room.person('管理员', centre, ['administrator']);
  experts = [];
  for (const n of [1, 2, 3, 4, 5]) experts.push(await room.person(`专家${n}`, pool, ['expert']));
});
afterAll(() => room.close());

const committee = () => [...experts.slice(0, 4), owner];
const newLot = (change: Partial<Parameters<typeof placeOf>[0]> = {}): string => {
  const { lot, place } = placeOf({ tenderer, bidders, yuan, scheme, ...change });
  room.places.set(lot, place);
  return lot;
};
const membersOf = (clients: readonly Client[]) => ({
  members: clients.map((c) => ({ person: c.person, kind: c === owner ? 'representative' : 'expert' })),
});
const codeOf = async (answer: Promise<{ status: number; body: { code?: string } | null }>) => {
  const { status, body } = await answer;
  return [status, body?.code];
};
const done = async (answer: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await answer;
  expect([status, body]).toEqual([200, body]);
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
  return body as any;
};

/** Formed, begun, reviewed by all, settled. */
async function scoringLot(change: Partial<Parameters<typeof placeOf>[0]> = {}): Promise<string> {
  const lot = newLot(change);
  await done(host.post(`/${lot}/committee`, membersOf(committee())));
  await done(host.post(`/${lot}/begin`));
  for (const member of committee()) {
    const { toReview } = await done(member.get(`/${lot}/mine`));
    const verdicts = toReview.map((offer: string) => ({ offer, verdict: 'pass' }));
    await done(member.post(`/${lot}/review`, { verdicts }));
  }
  await done(host.post(`/${lot}/review/settle`));
  return lot;
}
async function sheetTextOf(lot: string, member: Client, base = 10): Promise<string> {
  const { toMark } = await done(member.get(`/${lot}/mine`));
  const marks = toMark.flatMap((offer: string, i: number) => [
    { offer, criterion: 'T1', mark: `${base + i}.5` },
    { offer, criterion: 'C1', mark: String(5 + i) },
  ]);
  return (await done(member.post(`/${lot}/sheet/text`, { marks, remarks: [] }))).sheet;
}
async function lockFor(lot: string, member: Client, base = 10): Promise<string> {
  const text = await sheetTextOf(lot, member, base);
  const signed = member.sign(text);
  await done(member.post(`/${lot}/sheet/lock`, { sheet: signed.text, signature: signed.signature }));
  return text;
}
async function reportedLot(change: Partial<Parameters<typeof placeOf>[0]> = {}): Promise<string> {
  const lot = await scoringLot(change);
  for (const [i, member] of committee().entries()) await lockFor(lot, member, 10 + i);
  await done(host.post(`/${lot}/ranking`, {}));
  await done(host.post(`/${lot}/report`));
  return lot;
}
async function signReport(lot: string, member: Client): Promise<void> {
  const { report } = await done(member.get(`/${lot}/report/text`));
  await done(member.post(`/${lot}/report/sign`, { signature: member.sign(report).signature }));
}
async function finishedLot(): Promise<string> {
  const lot = await reportedLot();
  for (const member of committee()) await signReport(lot, member);
  await done(host.post(`/${lot}/finish`));
  return lot;
}

describe('an evaluation from committee to report', () => {
  let lot: string;
  beforeAll(async () => {
    lot = await finishedLot();
  });

  it('gives a result that anybody recomputes from sheets and offers', async () => {
    const reader = room.journal.db.read();
    const result = (await room.evaluations.result(reader, lot))!;
    expect(result.candidates).toHaveLength(3);
    expect(result.rejected.map((r) => r.code)).toEqual(['above-ceiling']);
    const report = parseCanonical(evaluationReport, (await host.get(`/${lot}/report.json`)).bytes);
    const { sheets } = await done(supervisor.get(`/${lot}/sheets`));
    const read = sheets.map((s: { sheet: string }) => parseCanonical(scoreSheet, fromBase64(s.sheet)));
    const offers = room.places.get(lot)!.opened!.tenders.map((t) => ({
      manifestSha256: t.manifestSha256,
      priceFen: t.offer!.priceFen,
    }));
    const again = rank(rankInputOf(report, offers, read));
    expect(rankingHash(again)).toBe(result.rankingSha256);
    expect(rankingFault(report, report.offers, read)).toBeNull();
    expect((await host.get(`/${lot}/ranking.json`)).bytes).toEqual(canonicalBytes(again));
    expect(again.ranking.map((r) => [r.rank, r.id])).toEqual(result.ranking.map((r) => [r.rank, r.manifestSha256]));
  });

  it('keeps every sheet and signature under the commitment of its member', async () => {
    const reader = room.journal.db.read();
    const sheets = (await room.evaluations.sheets(reader, lot))!;
    const opened = (await room.evaluations.committee(reader, lot))!.committee;
    for (const [i, { text, p7s, sha256, expert, certSha256 }] of sheets.entries()) {
      const member = opened.members[i]!;
      expect(sha256Hex(text)).toBe(sha256);
      expect(verifyDetached(text, p7s, 'sheet-signature').certSha256).toBe(certSha256);
      expect(expertCommitment(member.person, member.salt)).toBe(expert);
      expect([member.person, member.certSha256]).toEqual([committee()[i]!.person, certSha256]);
    }
    const report = (await room.evaluations.report(reader, lot))!;
    for (const answer of report.answers) verifyDetached(report.bytes, answer.p7s, 'sheet-signature');
    expect(report.answers).toHaveLength(5);
  });

  it('finds a sheet that was changed after the lock (sheet-signature)', async () => {
    const [sheet] = (await room.evaluations.sheets(room.journal.db.read(), lot))!;
    const altered = fromUtf8(sheet!.text).replace('"mark":"10.5"', '"mark":"24.5"');
    expect(altered).not.toBe(fromUtf8(sheet!.text));
    expect(() => verifyDetached(new TextEncoder().encode(altered), sheet!.p7s, 'sheet-signature')).toThrow(
      expect.objectContaining({ code: 'sheet-signature' }),
    );
  });

  it('issues the report as a signed PDF to those who may read it', async () => {
    const pdf = await host.get(`/${lot}/report.pdf`);
    expect([pdf.status, fromUtf8(pdf.bytes.subarray(0, 5))]).toEqual([200, '%PDF-']);
    expect(sha256Hex(pdf.bytes)).toBe((await room.evaluations.result(room.journal.db.read(), lot))!.pdfSha256);
    expect((await owner.get(`/${lot}/report.pdf`)).status).toBe(200);
    expect(await codeOf(bidder.get(`/${lot}/report.pdf`))).toEqual([403, 'not-permitted']);
    expect(await codeOf(room.anonymous.get(`/${lot}/report.pdf`))).toEqual([401, 'not-signed-in']);
  });

  it('tells strangers no person, mark or verdict, in any published byte of the log', async () => {
    const rows = await room.journal.db.query<{
      leaf: Uint8Array;
      body: Uint8Array | null;
      actor: string;
      kind: string;
    }>(
      `select leaf, body, actor, kind from journal_entry where subject_kind = 'evaluation' and subject = ? order by version`,
      [lot],
    );
    expect(rows.map((r) => r.kind)).toContain('sheet-locked');
    const published = rows.map(
      (r) => fromUtf8(new Uint8Array(r.leaf)) + (r.body ? fromUtf8(new Uint8Array(r.body)) : ''),
    );
    const certificates = (await room.evaluations.sheets(room.journal.db.read(), lot))!.map((s) => s.certSha256);
    for (const secret of [...committee().map((m) => m.person), ...certificates, '"mark"', 'pass'])
      expect(published.join('\n')).not.toContain(secret);
  });

  it('keeps the state row the fold of its entries', async () => {
    const rows = await room.journal.db.query<{ event: EvaluationEvent }>(
      `select event from journal_entry where subject_kind = 'evaluation' and subject = ? order by version`,
      [lot],
    );
    const [row] = await room.journal.db.query<{ state: EvaluationState }>('select state from evaluation where id = ?', [
      lot,
    ]);
    expect(rows.map((r) => r.event).reduce(evaluationProcedure.evolve, initialEvaluation(lot))).toEqual(row!.state);
    expect(evolveEvaluation).toBe(evaluationProcedure.evolve);
  });

  it('is closed to every further change', async () => {
    expect(await codeOf(host.post(`/${lot}/finish`))).toEqual([409, 'report-signed']);
    expect(await codeOf(host.post(`/${lot}/sheets/1/reopen`, { reason: '算错' }))).toEqual([409, 'wrong-phase']);
    expect(await codeOf(host.post(`/${lot}/ranking`, {}))).toEqual([409, 'wrong-phase']);
    const successor = { person: experts[4]!.person, kind: 'expert', reason: '回避' };
    expect(await codeOf(host.post(`/${lot}/committee/1/replacement`, successor))).toEqual([409, 'report-signed']);
  });
});

describe('methods', () => {
  it('are public, with the schema of their parameters', async () => {
    const { methods } = await done(room.anonymous.get('/api/evaluation-methods'));
    const found = methods.find((m: { id: string }) => m.id === 'trimmed-average');
    expect(found).toMatchObject({ name: { zh: '去极值平均（下浮）基准价法' }, needsCeiling: false });
    expect(Object.keys(found.parameters.properties)).toEqual(
      expect.arrayContaining(['full', 'above', 'below', 'tiers', 'discountPercent', 'factor']),
    );
    expect(found.parameters.additionalProperties).toBe(false);
  });
});

describe('who may do and see what', () => {
  it('lets the tenderer form the committee of its own projects only', async () => {
    const own = newLot();
    expect((await owner.post(`/${own}/committee`, membersOf(committee()))).status).toBe(200);
    const foreign = newLot({ tenderer: bidders[5]! });
    expect(await codeOf(owner.post(`/${foreign}/committee`, membersOf(committee())))).toEqual([403, 'not-permitted']);
  });

  it('keeps bidders, administrators and strangers out of every step', async () => {
    const lot = newLot();
    for (const client of [bidder, administrator]) {
      expect(await codeOf(client.post(`/${lot}/committee`, membersOf(committee())))).toEqual([403, 'not-permitted']);
      expect(await codeOf(client.post(`/${lot}/begin`))).toEqual([403, 'not-permitted']);
      expect(await codeOf(client.get(`/${lot}`))).toEqual([403, 'not-permitted']);
      expect(await codeOf(client.get(`/${lot}/mine`))).toEqual([403, 'not-permitted']);
    }
    expect(await codeOf(room.anonymous.post(`/${lot}/begin`))).toEqual([401, 'not-signed-in']);
    expect(await codeOf(host.post(`/${newLot().replace(/^./, 'f')}/begin`))).toEqual([404, 'lot-unknown']);
  });

  it('shows a member his own desk and nothing of the others', async () => {
    const lot = await scoringLot();
    await lockFor(lot, experts[0]!, 12);
    const mine = await experts[1]!.get(`/${lot}/mine`);
    expect(mine.body.draft).toBeNull();
    expect(JSON.stringify(mine.body)).not.toContain('12.5');
    expect(await codeOf(experts[4]!.get(`/${lot}/mine`))).toEqual([403, 'not-a-member']);
    expect(await codeOf(experts[1]!.get(`/${lot}/sheets`))).toEqual([403, 'not-permitted']);
    const progress = await done(supervisor.get(`/${lot}`));
    expect(progress.seats.map((s: { locked: boolean }) => s.locked)).toEqual([true, false, false, false, false]);
    expect([progress.ranked, JSON.stringify(progress).includes('12.5')]).toEqual([null, false]);
    expect(await codeOf(supervisor.get(`/${lot}/sheets`))).toEqual([404, 'not-found']);
    expect(await codeOf(owner.get(`/${lot}/report.pdf`))).toEqual([404, 'not-found']);
  });

  it('lists the lots that a member has to evaluate', async () => {
    const lot = newLot();
    await done(host.post(`/${lot}/committee`, membersOf(committee())));
    const { duties } = await done(experts[3]!.get(''));
    expect(duties).toContainEqual({ lot, phase: 'formed', seat: 4 });
  });
});

describe('sheets', () => {
  it('saves unfinished marks for their author alone, until the lock', async () => {
    const lot = await scoringLot();
    const { offers } = await done(experts[0]!.get(`/${lot}/mine`));
    const draft = { marks: [{ offer: offers[0].manifestSha256, criterion: 'T1', mark: '7' }], remarks: [] };
    await done(experts[0]!.put(`/${lot}/sheet`, draft));
    expect((await done(experts[0]!.get(`/${lot}/mine`))).draft).toEqual(draft);
    expect((await done(experts[1]!.get(`/${lot}/mine`))).draft).toBeNull();
    const foreign = { marks: [{ ...draft.marks[0], criterion: 'X9' }], remarks: [] };
    expect(await codeOf(experts[0]!.put(`/${lot}/sheet`, foreign))).toEqual([422, 'marks-invalid']);
    await lockFor(lot, experts[0]!);
    expect(await codeOf(experts[0]!.put(`/${lot}/sheet`, draft))).toEqual([409, 'sheet-locked']);
    const entries = await room.journal.db.query(
      `select 1 as one from journal_entry where subject = ? and event::text like '%"7"%'`,
      [lot],
    );
    expect(entries).toEqual([]);
  });

  it('refuses a changed sheet after the lock, and any sheet that its member did not sign', async () => {
    const lot = await scoringLot();
    const [first, second] = experts as [Client, Client];
    const text = await lockFor(lot, first);
    const again = first.sign(text.replace('"mark":"10.5"', '"mark":"24.5"'));
    expect(await codeOf(first.post(`/${lot}/sheet/lock`, { sheet: again.text, signature: again.signature }))).toEqual([
      409,
      'sheet-locked',
    ]);
    const own = await sheetTextOf(lot, second);
    const { text: sheet, signature } = second.sign(own);
    const altered = second.sign(own.replace('"mark":"10.5"', '"mark":"24.5"'));
    expect(await codeOf(second.post(`/${lot}/sheet/lock`, { sheet: altered.text, signature }))).toEqual([
      422,
      'signature-invalid',
    ]);
    const foreign = first.sign(own);
    expect(await codeOf(second.post(`/${lot}/sheet/lock`, { sheet, signature: foreign.signature }))).toEqual([
      403,
      'signer-not-member',
    ]);
    expect(await codeOf(first.post(`/${lot}/sheet/lock`, { sheet, signature }))).toEqual([409, 'sheet-locked']);
  });

  it('refuses what is not a sheet in its one spelling, and a body of the wrong form, and changes nothing', async () => {
    const lot = await scoringLot();
    const [member] = experts as [Client];
    const text = await sheetTextOf(lot, member);
    for (const bad of [
      'rubbish',
      ` ${text}`,
      text.replace('"lot"', '"more":1,"lot"'),
      text.replace('"YG1"', '"YG9"'),
    ]) {
      const { text: sheet, signature } = member.sign(bad);
      expect(await codeOf(member.post(`/${lot}/sheet/lock`, { sheet, signature }))).toEqual([422, 'sheet-malformed']);
    }
    const signature = 'AA==';
    for (const body of [{}, { sheet: 1, signature }, { sheet: '!!', signature }, { sheet: 'AA==', signature, x: 1 }])
      expect(await codeOf(member.post(`/${lot}/sheet/lock`, body))).toEqual([400, 'bad-request']);
    const { seats, phase } = await done(host.get(`/${lot}`));
    expect([phase, seats.some((s: { locked: boolean }) => s.locked)]).toEqual(['scoring', false]);
  });
});

describe('witness, ranking and report', () => {
  it('waits for the witness where the rule table asks for him', async () => {
    const lot = newLot({ witnessSteps: ['evaluation-entry', 'evaluation-end'] });
    await done(host.post(`/${lot}/committee`, membersOf(committee())));
    expect(await codeOf(host.post(`/${lot}/begin`))).toEqual([409, 'step-unwitnessed']);
    const { id: project } = room.places.get(lot)!.project;
    const duty = { subjectKind: 'lot', project, person: watcher.person, steps: ['evaluation-entry', 'evaluation-end'] };
    await done(host.post(`/api/witness/${lot}/duty`, duty));
    const record = {
      checked: [{ item: '评标区已清场，成员身份已核对', result: 'conforms', remark: '' }],
      found: '',
      refused: '',
      note: '',
      claimedAt: '2026-11-24T01:00:00.000000Z',
      photos: [],
    };
    const { record: text } = await done(watcher.post(`/api/witness/${lot}/evaluation-entry/draft`, record));
    const signed = watcher.sign(text);
    const body = { record: signed.text, signature: signed.signature };
    await done(watcher.post(`/api/witness/${lot}/evaluation-entry/record`, body));
    await done(watcher.post(`/api/witness/${lot}/evaluation-entry/stop`, { reason: '有人携带手机进入' }));
    expect(await codeOf(host.post(`/${lot}/begin`))).toEqual([409, 'step-stopped']);
    await done(supervisor.post(`/api/witness/${lot}/evaluation-entry/lift`, { reason: '已收存手机' }));
    expect(await codeOf(host.post(`/${lot}/begin`))).toEqual([409, 'step-unwitnessed']);
    const { record: supplement } = await done(watcher.post(`/api/witness/${lot}/evaluation-entry/draft`, record));
    const again = watcher.sign(supplement);
    await done(
      watcher.post(`/api/witness/${lot}/evaluation-entry/record`, { record: again.text, signature: again.signature }),
    );
    expect((await done(host.post(`/${lot}/begin`))).phase).toBe('reviewing');
  });

  it('takes nobody on the committee who stands duty as its witness or belongs to a bidder', async () => {
    const lot = newLot();
    expect(await codeOf(host.post(`/${lot}/committee`, membersOf([...experts.slice(0, 4), watcher])))).toEqual([
      422,
      'member-unfit',
    ]);
    expect(await codeOf(host.post(`/${lot}/committee`, membersOf([...experts.slice(0, 4), bidder])))).toEqual([
      422,
      'member-unfit',
    ]);
    expect(await codeOf(host.post(`/${lot}/committee`, membersOf(experts.slice(0, 4))))).toEqual([
      422,
      'committee-too-small',
    ]);
  });

  it('begins only after the announcement, with a scheme that can be used', async () => {
    const early = newLot();
    room.places.get(early)!.opened = null;
    await done(host.post(`/${early}/committee`, membersOf(committee())));
    expect(await codeOf(host.post(`/${early}/begin`))).toEqual([409, 'not-opened']);
    const broken = newLot({ scheme: { ...scheme, method: 'magic' } });
    await done(host.post(`/${broken}/committee`, membersOf(committee())));
    expect(await codeOf(host.post(`/${broken}/begin`))).toEqual([422, 'scheme-invalid']);
  });

  it('answers a repeated command once', async () => {
    const lot = newLot();
    const first = await done(host.post(`/${lot}/committee`, membersOf(committee()), `form ${lot}`));
    const second = await done(host.post(`/${lot}/committee`, membersOf(committee()), `form ${lot}`));
    expect(second).toEqual(first);
  });

  it('computes again after a sheet was reopened with its reason', async () => {
    const lot = await scoringLot();
    expect(await codeOf(host.post(`/${lot}/ranking`, {}))).toEqual([409, 'sheets-open']);
    for (const member of committee()) await lockFor(lot, member);
    const first = await done(host.post(`/${lot}/ranking`, {}));
    await done(host.post(`/${lot}/sheets/1/reopen`, { reason: '客观分计算错误' }));
    expect(await codeOf(host.post(`/${lot}/report`))).toEqual([409, 'ranking-missing']);
    await lockFor(lot, experts[0]!, 14);
    const second = await done(host.post(`/${lot}/ranking`, {}));
    expect(second.ranked.rankingSha256).not.toBe(first.ranked.rankingSha256);
  });

  it('keeps a dissent, waits for the silent, and prints both', async () => {
    const lot = await reportedLot();
    for (const member of experts.slice(0, 3)) await signReport(lot, member);
    const text = '不同意第一候选人的业绩得分';
    const { dissent } = await done(experts[3]!.post(`/${lot}/report/dissent/text`, { text }));
    const signed = experts[3]!.sign(dissent);
    await done(experts[3]!.post(`/${lot}/report/dissent`, { dissent: signed.text, signature: signed.signature }));
    expect(await codeOf(experts[3]!.post(`/${lot}/report/sign`, { signature: signed.signature }))).toEqual([
      422,
      'signature-invalid',
    ]);
    expect(await codeOf(host.post(`/${lot}/finish`))).toEqual([409, 'signatures-open']);
    room.clock.advance(Temporal.Duration.from({ hours: 24, minutes: 1 }));
    // Sessions end with the day; the host logs in again.
    const again = await room.person(
      '主持人乙',
      (await room.parties.person(room.journal.db.read(), host.person))!.organisation!,
      ['host'],
    );
    const finished = await done(again.post(`/${lot}/finish`));
    expect(finished.finished.silent).toEqual([5]);
    const report = (await room.evaluations.report(room.journal.db.read(), lot))!;
    expect(report.answers.map((a) => [a.seat, a.kind])).toEqual([
      [1, 'signed'],
      [2, 'signed'],
      [3, 'signed'],
      [4, 'dissent'],
    ]);
  });
});
