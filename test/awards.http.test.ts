import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awardProcedure } from '../src/awards/index.ts';
import { concatBytes, fromUtf8, sha256Hex, toBase64, utf8 } from '../src/formats/bytes.ts';
import { parseCanonical } from '../src/formats/canonical.ts';
import { certificateFacts, type ResultCertificateFacts } from '../src/formats/certificate-facts.ts';
import { certificateSha256, signDetached, verifyChain } from '../src/formats/cms.ts';
import { verifyPdf } from '../src/formats/pdf-signature.ts';
import { auditAll, type Procedure } from '../src/journal/index.ts';
import { instantText } from '../src/platform/clock/clock.ts';
import {
  type Answer,
  type AwardRoom,
  type Client,
  type Place,
  rankedLot,
  startAwardRoom,
} from './support/award-room.ts';

/** Beijing wall time. */
const beijing = (text: string) => Temporal.ZonedDateTime.from(`${text}[Asia/Shanghai]`).toInstant().toString();
/** The report is signed on Tuesday; published on Wednesday 11-25, the candidates stand through Monday 11-30. */
const reportAt = '2026-11-24T08:00:00.000000Z';
const start = beijing('2026-11-25T10:00:00');

let room: AwardRoom;
let organisations: { tenderer: string; agency: string; bidders: string[] };
let owner: Client;
let agent: Client;
let host: Client;
let winner: Client;
let rival: Client;
let stranger: Client;
let outsider: Client;
let supervisor: Client;
let witness: Client;
let administrator: Client;

beforeAll(async () => {
  room = await startAwardRoom(start);
  const centre = await room.organisation('江城市公共资源交易中心', ['centre']);
  const tenderer = await room.organisation('江城市城市建设投资有限公司', ['tenderer']);
  const agency = await room.organisation('江城招标代理有限公司', ['agency']);
  const other = await room.organisation('别的招标人', ['tenderer']);
  const supervision = await room.organisation('江城市发展和改革委员会', ['supervision']);
  const bidders = [];
  for (const n of ['一', '二', '三', '四']) bidders.push(await room.organisation(`第${n}建筑工程有限公司`, ['bidder']));
  organisations = { tenderer, agency, bidders };
  owner = await room.person('业主', tenderer, ['tenderer']);
  agent = await room.person('代理', agency, ['agency']);
  host = await room.person('主持人', centre, ['host']);
  winner = await room.person('投标人甲', bidders[0]!, ['bidder']);
  rival = await room.person('投标人丁', bidders[3]!, ['bidder']);
  stranger = await room.person('未投标人', await room.organisation('旁观公司', ['bidder']), ['bidder']);
  outsider = await room.person('别的业主', other, ['tenderer']);
  supervisor = await room.person('监督员', supervision, ['supervisor']);
  witness = await room.person('见证员', centre, ['witness']);
  administrator = await room.person('管理员', centre, ['administrator']);
});
afterAll(async () => {
  const report = await auditAll(room.journal, [awardProcedure]);
  await room.close();
  expect(report.findings).toEqual([]);
});

const newLot = (change: Partial<Parameters<typeof rankedLot>[0]> = {}) => {
  const { lot, place } = rankedLot({ ...organisations, signedAt: reportAt, ...change });
  room.places.set(lot, place);
  return { lot, place };
};
const paths = (lot: string) => (step: string) => `/api/awards/${lot}${step}`;
const done = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  expect([status, body]).toEqual([200, body]);
  return body;
};
const codeOf = async (answer: Promise<Answer>) => {
  const { status, body } = await answer;
  return [status, body?.code];
};
/** The state as after a publicity that ended: time is the room's own clock, so each lot is given its own past. */
const afterPublicity = '2026-11-20T08:00:00.000000Z';
const manifest = (place: Place, n: number) => place.result!.candidates[n]!;

/** Lots whose publicity is over once the first course has moved the clock. */
const early: ReturnType<typeof newLot>[] = [];
beforeAll(async () => {
  early.push(newLot(), newLot());
  for (const { lot } of early) await done(owner.post(paths(lot)('/publicity')));
});

describe('from the report to the certificate', () => {
  let lot: string;
  let place: Place;
  let at: (step: string) => string;
  beforeAll(() => {
    ({ lot, place } = newLot());
    at = paths(lot);
  });

  it('shows nothing before the publicity', async () => {
    expect(await codeOf(room.anonymous.get(at('')))).toEqual([404, 'award-unknown']);
  });

  it('publishes the candidates in order, for everyone to see', async () => {
    await done(owner.post(at('/publicity')));
    const view = await done(room.anonymous.get(at('')));
    expect(view).toMatchObject({
      status: 'publicity',
      publicity: { lastDay: '2026-11-30', late: false },
      next: manifest(place, 0),
    });
    expect(view.candidates.map((c: { organisation: { name: string } }) => c.organisation.name)).toEqual([
      '第一建筑工程有限公司',
      '第二建筑工程有限公司',
      '第三建筑工程有限公司',
    ]);
  });

  it('takes an objection of a bidder only, and tells its text to those concerned only', async () => {
    const text = '第一名的业绩证明与公示不符';
    const body = { about: manifest(place, 0), text };
    expect(await codeOf(stranger.post(at('/objections'), body))).toEqual([403, 'not-a-bidder']);
    await done(rival.post(at('/objections'), body));
    expect(JSON.stringify(await done(room.anonymous.get(at(''))))).not.toContain(text);
    const seen = async (client: Client) => (await done(client.get(at('/objections')))).objections.length;
    expect([await seen(rival), await seen(winner), await seen(owner), await seen(supervisor)]).toEqual([1, 0, 1, 1]);
    const [entry] = await room.journal.db.query<{ leaf: Uint8Array }>(
      `select leaf from journal_entry where subject_kind = 'award' and subject = ? and kind = 'result-objection'`,
      [lot],
    );
    expect(fromUtf8(new Uint8Array(entry!.leaf))).not.toContain(text);
  });

  it('is paused until the objection is answered, and awards after the publicity', async () => {
    const award = { manifestSha256: manifest(place, 0) };
    expect(await codeOf(owner.post(at('/award'), award))).toEqual([409, 'publicity-running']);
    room.moveTo(beijing('2026-12-01T09:00:00'));
    expect(await codeOf(owner.post(at('/award'), award))).toEqual([409, 'objection-open']);
    const { objections } = await done(owner.get(at('/objections')));
    const answer = { objection: objections[0].id, outcome: 'rejected', text: '经核实，业绩真实' };
    expect(await codeOf(outsider.post(at('/answers'), answer))).toEqual([403, 'not-your-project']);
    await done(agent.post(at('/answers'), answer));
    expect(await codeOf(owner.post(at('/award'), { manifestSha256: manifest(place, 1) }))).toEqual([
      409,
      'not-next-candidate',
    ]);
    const view = await done(owner.post(at('/award'), award));
    expect(view).toMatchObject({ status: 'awarded', award: { contractBy: '2026-12-31', reportBy: '2026-12-16' } });
  });

  it('issues the notice once, however often it is asked', async () => {
    expect(await codeOf(owner.post(at('/certificate')))).toEqual([409, 'notice-not-issued']);
    expect(await codeOf(outsider.post(at('/notice')))).toEqual([403, 'not-your-project']);
    const [view, together] = await Promise.all([done(owner.post(at('/notice'))), done(agent.post(at('/notice')))]);
    expect(together.documents).toEqual(view.documents);
    const again = await done(host.post(at('/notice')));
    expect(again.documents).toEqual(view.documents);
    expect(view.documents).toHaveLength(1);
  });

  it('certifies after the winner has confirmed', async () => {
    expect(await codeOf(owner.post(at('/certificate')))).toEqual([409, 'not-confirmed']);
    expect(await codeOf(rival.post(at('/confirmation')))).toEqual([403, 'not-the-winner']);
    await done(winner.post(at('/confirmation')));
    const view = await done(host.post(at('/certificate')));
    expect(view.status).toBe('certified');
    expect(await codeOf(owner.post(at('/award'), { manifestSha256: manifest(place, 0) }))).toEqual([
      409,
      'award-certified',
    ]);
  });

  it('gives out a certificate whose signature, hash, facts and log entries hold', async () => {
    const view = await done(room.anonymous.get(at('')));
    const [notice, result] = view.documents;
    const { bytes, type } = await room.anonymous.get(`/api/certificates/${result.pdfSha256}`);
    expect([type, sha256Hex(bytes)]).toEqual(['application/pdf', result.pdfSha256]);
    const verified = verifyPdf(bytes);
    expect(verified.certSha256).toBe(certificateSha256(room.parties.centre.certificate));
    const signedAt = Temporal.Instant.from(verified.signedAt);
    verifyChain(verified.certificate, verified.intermediates, room.parties.roots(), signedAt);
    const facts = parseCanonical(certificateFacts, verified.facts!) as ResultCertificateFacts;
    expect(facts).toMatchObject({
      kind: 'result-certificate',
      number: result.number,
      noticeSha256: notice.pdfSha256,
      winner: { priceFen: '4860000000', organisation: { name: '第一建筑工程有限公司' }, durationDays: 420 },
      objections: { filed: 1, answered: 1 },
    });
    expect(facts.journal.map((j) => j.kind)).toContain('awarded');
    for (const { index, leafSha256 } of facts.journal) {
      const [row] = await room.journal.db.query<{ leaf: Uint8Array }>(
        'select e.leaf from journal_leaf l join journal_entry e on e.id = l.entry_id where l.log_index = ?',
        [index],
      );
      expect(sha256Hex(concatBytes(Uint8Array.of(0), new Uint8Array(row!.leaf)))).toBe(leafSha256);
    }
    const alone = await room.anonymous.get(`/api/certificates/${result.pdfSha256}/facts`);
    expect(alone.bytes).toEqual(verified.facts);
  });

  it('is found by its number, and only what was issued is given out', async () => {
    const { documents } = await done(room.anonymous.get(at('')));
    const { number, pdfSha256 } = documents[1];
    const found = await done(room.anonymous.get(`/api/certificates?number=${number}`));
    expect(found.certificates).toMatchObject([{ sha256: pdfSha256, kind: 'result-certificate', subject: lot }]);
    expect(found.certificates[0].journal.leafSha256).toMatch(/^[0-9a-f]{64}$/);
    // A file in the store that nobody issued stays where it is.
    const stored = documents[1].factsSha256;
    expect(await codeOf(room.anonymous.get(`/api/certificates/${stored}`))).toEqual([404, 'document-unknown']);
  });

  it('names in each document where it is checked, and knows no number that was never issued', async () => {
    const { documents } = await done(room.anonymous.get(at('')));
    for (const { number, pdfSha256 } of documents) {
      const { bytes } = await room.anonymous.get(`/api/certificates/${pdfSha256}`);
      const { checkUrl } = parseCanonical(certificateFacts, verifyPdf(bytes).facts!);
      expect(new URL(checkUrl).pathname).toBe(`/check/${number}`);
      const { certificates } = await done(room.anonymous.get(`/api/certificates?number=${number}`));
      expect(certificates.map(({ sha256 }: { sha256: string }) => sha256)).toContain(pdfSha256);
    }
    expect((await done(room.anonymous.get('/api/certificates?number=%3Cscript%3E'))).certificates).toEqual([]);
  });

  it('marks the report to the supervisor overdue by time alone', async () => {
    room.moveTo(beijing('2026-12-17T00:00:01'));
    await room.runDue();
    const kinds = await room.journal.db.query<{ kind: string; actor: string }>(
      `select kind, actor from journal_entry where subject_kind = 'award' and subject = ? order by version`,
      [lot],
    );
    expect(kinds.map((k) => k.kind)).toEqual([
      'candidates-published',
      'result-objection',
      'result-objection-answered',
      'awarded',
      'certificate-issued-document',
      'award-confirmed',
      'certificate-issued-document',
      'publicity-ended',
      'supervisor-report-overdue',
    ]);
    expect((await done(owner.post(at('/supervisor-report')))).supervisorReport.late).toBe(true);
  });
});

describe('who may what', () => {
  it('leaves decisions to the side of the tenderer', async () => {
    const { lot, place } = newLot();
    const at = paths(lot);
    const award = { manifestSha256: manifest(place, 0) };
    for (const client of [winner, host, supervisor, administrator, witness])
      for (const [step, body] of [
        ['/publicity', {}],
        ['/award', award],
        ['/end', { reason: '理由' }],
      ] as const)
        expect(await codeOf(client.post(at(step), body))).toEqual([403, 'not-permitted']);
    expect(await codeOf(room.anonymous.post(at('/publicity')))).toEqual([401, 'not-signed-in']);
    expect(await codeOf(outsider.post(at('/publicity')))).toEqual([403, 'not-your-project']);
  });

  it('refuses an unknown lot and malformed input, and changes nothing', async () => {
    expect(await codeOf(owner.post('/api/awards/no-such-lot/publicity'))).toEqual([404, 'lot-unknown']);
    const { lot } = newLot();
    const at = paths(lot);
    for (const [step, body] of [
      ['/publicity', { days: 2.5 }],
      ['/publicity', { days: 3, extra: 1 }],
      ['/award', { manifestSha256: 'abc' }],
      ['/objections', { text: ' ' }],
    ] as const) {
      const client = step === '/objections' ? rival : owner;
      expect(await codeOf(client.post(at(step), body))).toEqual([400, 'bad-request']);
    }
    expect(await codeOf(room.anonymous.get(at('')))).toEqual([404, 'award-unknown']);
  });

  it('repeats an act with the same key and takes another content for a mistake', async () => {
    const { lot } = newLot();
    const at = paths(lot);
    const first = await done(owner.post(at('/publicity'), { days: 5 }, 'key-1'));
    expect(await done(owner.post(at('/publicity'), { days: 5 }, 'key-1'))).toEqual(first);
    expect(await codeOf(owner.post(at('/publicity'), { days: 6 }, 'key-1'))).toEqual([409, 'idempotency-mismatch']);
    const objection = { text: '程序有误' };
    const filed = await done(rival.post(at('/objections'), objection, 'key-2'));
    expect((await done(rival.post(at('/objections'), objection, 'key-2'))).objections).toEqual(filed.objections);
  });
});

/** As the evaluation ends: the log names the report's PDF. */
const finishedEvaluation: Procedure<
  object,
  { pdfSha256: string },
  { type: 'EvaluationFinished'; pdfSha256: string },
  object
> = {
  kind: 'evaluation',
  initial: () => ({}),
  decide: (_, { pdfSha256 }) => [{ type: 'EvaluationFinished', pdfSha256 }],
  evolve: (state) => state,
  publish: (event) => ({ open: 'evaluation-finished', body: event }),
  columns: () => ({ phase: 'finished', people: '[]' }),
};

describe('an objection', () => {
  it('says in the public log neither who objects nor what', async () => {
    const { lot } = newLot();
    await done(owner.post(paths(lot)('/publicity')));
    await done(rival.post(paths(lot)('/objections'), { text: '公示的业绩与事实不符' }));
    const [row] = await room.journal.db.query<{ leaf: string }>(
      `select convert_from(leaf, 'UTF8') as leaf from journal_entry where subject = ? and kind = 'result-objection'`,
      [lot],
    );
    for (const secret of [rival.person, organisations.bidders[3]!, '业绩']) expect(row!.leaf).not.toContain(secret);
    // Whose it is the register knows: the bidder finds it again.
    const { objections } = await done(rival.get(paths(lot)('/objections')));
    expect(objections).toMatchObject([{ text: '公示的业绩与事实不符', organisation: organisations.bidders[3] }]);
  });
});

describe('the evaluation report', () => {
  it('is given to strangers only after the award, though the log names its hash before', async () => {
    const { lot, place } = early[0]!;
    const { sha256: pdfSha256 } = await room.files.putBytes(utf8(`%PDF- report of ${lot}`));
    await room.journal.act(finishedEvaluation, {
      ...{ subject: lot, command: { pdfSha256 }, actor: 'system', requestId: 'test' },
      facts: async () => ({}),
    });
    const download = () => room.anonymous.get(`/api/certificates/${pdfSha256}`);
    expect(await codeOf(download())).toEqual([404, 'document-unknown']);
    await done(owner.post(paths(lot)('/award'), { manifestSha256: manifest(place, 0) }));
    expect((await download()).status).toBe(200);
  });
});

describe('a project that was terminated', () => {
  it('gets no publicity and no award', async () => {
    const { lot, place } = early[1]!;
    place.project.status = 'terminated';
    const award = { manifestSha256: manifest(place, 0) };
    expect(await codeOf(owner.post(paths(lot)('/award'), award))).toEqual([409, 'project-terminated']);
    const { lot: fresh, place: other } = newLot();
    other.project.status = 'terminated';
    expect(await codeOf(owner.post(paths(fresh)('/publicity')))).toEqual([409, 'project-terminated']);
  });
});

describe('the witness of the award', () => {
  it('holds up the documents until the record is signed, where the rule table asks for him', async () => {
    const { lot, place } = newLot({ witnessSteps: ['award'] });
    const at = paths(lot);
    await done(owner.post(at('/publicity')));
    const { publicity } = await done(room.anonymous.get(at('')));
    room.moveTo(beijing(`${Temporal.PlainDate.from(publicity.lastDay).add({ days: 1 })}T09:00:00`));
    const duty = { subjectKind: 'lot', project: place.project.id, person: witness.person, steps: ['award'] };
    await done(host.post(`/api/witness/${lot}/duty`, duty));
    await done(witness.post(`/api/witness/${lot}/award/stop`, { reason: '候选人名单有误' }));
    expect(await codeOf(owner.post(at('/award'), { manifestSha256: manifest(place, 0) }))).toEqual([
      409,
      'witness-stopped',
    ]);
    await done(supervisor.post(`/api/witness/${lot}/award/lift`, { reason: '已核对' }));
    await done(owner.post(at('/award'), { manifestSha256: manifest(place, 0) }));
    expect(await codeOf(owner.post(at('/notice')))).toEqual([409, 'witness-unsigned']);
    const written = {
      checked: [{ item: '候选人顺序与评标报告一致', result: 'conforms', remark: '' }],
      found: '',
      refused: '',
      note: '',
      photos: [],
      claimedAt: instantText(room.clock.now()),
    };
    const { record } = await done(witness.post(`/api/witness/${lot}/award/draft`, written));
    const text = utf8(record);
    const signature = toBase64(signDetached(witness.key!, text, room.clock.now()));
    await done(witness.post(`/api/witness/${lot}/award/record`, { record: toBase64(text), signature }));
    expect((await done(owner.post(at('/notice')))).documents).toHaveLength(1);
  });
});

describe('a winner who gives up', () => {
  it('is followed by the next candidate, with a notice of his own', async () => {
    const { lot, place } = newLot({ signedAt: afterPublicity });
    const at = paths(lot);
    const view = await done(owner.post(at('/publicity')));
    expect(view.publicity.late).toBe(true);
    room.moveTo(beijing(`${Temporal.PlainDate.from(view.publicity.lastDay).add({ days: 1 })}T09:00:00`));
    await done(owner.post(at('/award'), { manifestSha256: manifest(place, 0) }));
    await done(owner.post(at('/notice')));
    const passed = { manifestSha256: manifest(place, 0), ground: 'gave-up', reason: '书面放弃中标' };
    expect((await done(owner.post(at('/passed-over'), passed))).next).toBe(manifest(place, 1));
    await done(owner.post(at('/award'), { manifestSha256: manifest(place, 1) }));
    const { documents } = await done(owner.post(at('/notice')));
    expect(documents.map((d: { number: string }) => d.number.split('-').slice(-2).join('-'))).toEqual([
      '1-ZBTZ',
      'ZBTZ-2',
    ]);
  });
});

describe('a name that no font can write', () => {
  it('is refused with its character; the award stands', async () => {
    const { lot, place } = newLot({ manager: '李\u{E000}' });
    const at = paths(lot);
    const { publicity } = await done(owner.post(at('/publicity')));
    room.moveTo(beijing(`${Temporal.PlainDate.from(publicity.lastDay).add({ days: 1 })}T09:00:00`));
    await done(owner.post(at('/award'), { manifestSha256: manifest(place, 0) }));
    const refused = await owner.post(at('/notice'));
    expect([refused.status, refused.body.code]).toEqual([422, 'glyph-missing']);
    expect(JSON.stringify(refused.body)).toContain('U+E000');
    expect((await done(room.anonymous.get(at('')))).status).toBe('awarded');
  });
});
