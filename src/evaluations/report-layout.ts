/**
 * 评标报告 (TR 53): committee, offers, rejections with reasons, every member's marks, the benchmark step by step, ranking,
 * candidates in order, answers of the members. Members stand under their seats: names are secret until the result.
 */
import { decimalText, parseExact } from '../../evaluation/fraction.ts';
import type { Ranking } from '../../evaluation/rank.ts';
import { methodOf } from '../../evaluation/registry.ts';
import { findStep, type TraceStep } from '../../evaluation/trace.ts';
import type { EvaluationReportFacts } from '../formats/certificate-facts.ts';
import type { ScoreSheet } from '../formats/score-sheet.ts';
import { type CertificateLayout, type Page, timeInWords, yuanText } from '../platform/pdf/index.ts';
import type { EvaluationState, Seat } from './rules.ts';

/** What the page shows beside the facts. */
export type ReportDetail = {
  readonly state: EvaluationState;
  readonly ranking: Ranking;
  readonly sheets: readonly Pick<ScoreSheet, 'expert' | 'marks' | 'remarks'>[];
};

/** More seats than this do not fit beside each other on a sheet of paper; the signed sheets hold every mark anyway. */
const widestCommittee = 11;

const plainYuan = (fen: string): string => yuanText(fen).replace(' 元', '');
const partNames: Readonly<Record<string, string>> = {
  technical: '技术',
  commercial: '商务',
  credit: '信用',
  service: '服务',
};

export function evaluationReportLayout(detail: ReportDetail): CertificateLayout<EvaluationReportFacts> {
  return {
    title: { zh: '评标报告', en: 'Evaluation Report' },
    draw: (page, facts) => {
      const names = new Map(
        [...facts.ranking, ...facts.rejected].map((row) => [row.manifestSha256, row.organisation.name]),
      );
      drawHead(page, facts);
      drawCandidates(page, facts);
      drawRanking(page, facts);
      drawRejected(page, facts);
      drawBenchmark(page, facts, detail, names);
      drawMarks(page, detail, names);
      drawCommittee(page, detail.state);
      drawSheets(page, detail, names);
    },
  };
}

function drawHead(page: Page, facts: EvaluationReportFacts): void {
  const { committee } = facts;
  page.facts([
    { label: { zh: '项目', en: 'Project' }, value: facts.project.name, note: facts.project.code, strong: true },
    { label: { zh: '标段', en: 'Lot' }, value: facts.lots.map((lot) => lot.name).join('、') },
    ...(facts.ceilingFen === null
      ? []
      : [{ label: { zh: '最高投标限价', en: 'Ceiling price' }, value: yuanText(facts.ceilingFen) }]),
    { label: { zh: '评标办法', en: 'Method' }, value: methodOf(facts.method).name.zh, note: facts.method },
    {
      label: { zh: '评标委员会', en: 'Committee' },
      value: `${committee.members} 人：签署 ${committee.signed} 人，书面不同意见 ${committee.dissents} 人，视为同意 ${committee.members - committee.signed - committee.dissents} 人`,
      note: '招标投标法实施条例 第五十三条',
    },
    { label: { zh: '完成', en: 'Completed' }, value: timeInWords(facts.signedAt) },
    { label: { zh: '报告数据', en: 'Report (JSON)' }, value: facts.reportSha256, code: true },
    { label: { zh: '评审计算', en: 'Ranking with trace' }, value: facts.rankingSha256, code: true },
  ]);
}

function drawCandidates(page: Page, facts: EvaluationReportFacts): void {
  page.section({ zh: '推荐的中标候选人', en: 'Candidates, in order' });
  page.facts(
    facts.candidates.map((manifest, i) => {
      const row = facts.ranking.find((r) => r.manifestSha256 === manifest)!;
      return {
        label: { zh: `第${'一二三'[i]}候选人`, en: `Candidate ${i + 1}` },
        value: row.organisation.name,
        note: `${yuanText(row.priceFen)}　得分 ${row.total}`,
        strong: i === 0,
      };
    }),
  );
}

function drawRanking(page: Page, facts: EvaluationReportFacts): void {
  page.section({ zh: '排名', en: 'Ranking' });
  page.table({
    summary: '各有效投标的名次、报价与总得分',
    columns: [
      { head: { zh: '名次', en: 'Rank' }, share: 0.9, align: 'center' },
      { head: { zh: '投标人', en: 'Bidder' }, share: 4.4 },
      { head: { zh: '报价（元）', en: 'Offer (CNY)' }, share: 2.2, align: 'right' },
      { head: { zh: '总得分', en: 'Total' }, share: 1.5, align: 'right' },
    ],
    rows: facts.ranking.map((row) => [
      String(row.rank),
      [row.organisation.name, row.organisation.uscc],
      plainYuan(row.priceFen),
      row.total,
    ]),
  });
}

function drawRejected(page: Page, facts: EvaluationReportFacts): void {
  page.section({ zh: '否决的投标', en: 'Rejected offers' });
  if (facts.rejected.length === 0) page.paragraph({ zh: '没有否决的投标。', en: 'No offer was rejected.' });
  else
    page.facts(
      facts.rejected.map((row) => ({
        label: { zh: '否决', en: 'Rejected' },
        value: row.organisation.name,
        note: `${row.article}：${row.reason}`,
      })),
    );
}

/** The trace as the bidder would do it with pencil and paper. */
function drawBenchmark(
  page: Page,
  facts: EvaluationReportFacts,
  { ranking }: ReportDetail,
  names: ReadonlyMap<string, string>,
): void {
  page.section({ zh: '报价得分计算', en: 'How the price scores were computed' });
  const benchmark = findStep(ranking.trace, 'benchmark');
  if (benchmark)
    page.facts(
      [...benchmark.steps, benchmark].map((s) => ({
        label: { zh: s.name.zh, en: s.name.en },
        value: s.value === null ? '' : `${figure(s.value)} 元`,
        note: [s.formula ?? '', inputsOf(s, names)].join('；'),
      })),
    );
  const scores = facts.ranking.flatMap((row) => {
    const found = findStep(ranking.trace, `price-score:${row.manifestSha256}`);
    return found ? [[row.organisation.name, found] as const] : [];
  });
  if (scores.length === 0) return;
  page.paragraph({
    zh: 'p 报价，B 基准价，dev 偏差率（%），E 每偏差 1% 的扣分，full 满分，floor 最低分。计算用精确分数，只对得分四舍五入。',
    en: 'Exact fractions throughout; only the score is rounded.',
  });
  page.table({
    summary: '各投标的报价得分及其算式',
    columns: [
      { head: { zh: '投标人', en: 'Bidder' }, share: 3 },
      { head: { zh: '算式', en: 'Computation' }, share: 5 },
      { head: { zh: '得分', en: 'Score' }, share: 1.2, align: 'right' },
    ],
    rows: scores.map(([name, s]) => [name, [s.formula ?? '', inputsOf(s, names)], s.rounded ?? s.value ?? '']),
  });
}

const inputsOf = ({ inputs }: TraceStep, names: ReadonlyMap<string, string>): string =>
  inputs
    .filter((i) => i.value !== '')
    .map((i) => `${i.name} = ${figure(named(i.value, names))}`)
    .join('；');

/** A list of manifest hashes in a trace is shown as names. */
const named = (value: string, names: ReadonlyMap<string, string>): string =>
  value
    .split(' ')
    .map((word) => names.get(word) ?? word)
    .join('、');

/** Thousands are set apart; a fraction is followed by its decimals. Anything else stays as it is. */
function figure(value: string): string {
  if (/^-?\d+\/\d+$/.test(value)) return `${value} ≈ ${grouped(decimalText(parseExact(value), 6))}`;
  return /^-?\d+(\.\d+)?$/.test(value) ? grouped(value) : value;
}

const grouped = (decimal: string): string => {
  const [whole = '', part] = decimal.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${part === undefined ? '' : `.${part}`}`;
};

function drawMarks(page: Page, { state, ranking }: ReportDetail, names: ReadonlyMap<string, string>): void {
  const rows = ranking.ranking.flatMap((row) => row.parts.map((part) => ({ name: names.get(row.id) ?? row.id, part })));
  if (rows.length === 0) return;
  const seatOf = new Map(state.seats.map((s) => [s.expert, s.seat]));
  page.section({ zh: '评委打分', en: "The members' marks" });
  page.table({
    summary: '每个投标每一部分的各席位得分与均分，加括号的为去掉的最高、最低分',
    columns: [
      { head: { zh: '投标人', en: 'Bidder' }, share: 3 },
      { head: { zh: '部分', en: 'Part' }, share: 1 },
      { head: { zh: '各席位（括号为去掉的分）', en: 'Seat: mark (dropped)' }, share: 5 },
      { head: { zh: '均分', en: 'Average' }, share: 1.2, align: 'right' },
    ],
    rows: rows.map(({ name, part }) => [
      name,
      partNames[part.part] ?? part.part,
      part.marks
        .map(({ expert, mark, dropped }) => ({ seat: seatOf.get(expert) ?? 0, mark: dropped ? `(${mark})` : mark }))
        .sort((a, b) => a.seat - b.seat)
        .map(({ seat, mark }) => `${seat}: ${mark}`)
        .join('　'),
      part.average,
    ]),
  });
}

function drawCommittee(page: Page, state: EvaluationState): void {
  page.section({ zh: '评标委员会成员', en: 'Members of the committee, by seat' });
  page.table({
    summary: '各席位的身份、评分表与对报告的签署',
    columns: [
      { head: { zh: '席位', en: 'Seat' }, share: 0.7, align: 'center' },
      { head: { zh: '身份', en: 'Kind' }, share: 1.3 },
      { head: { zh: '评分表', en: 'Sheet (SHA-256)' }, share: 4 },
      { head: { zh: '签署', en: 'Signed' }, share: 2.6 },
    ],
    rows: state.seats.map((seat) => [
      String(seat.seat),
      seat.kind === 'expert' ? '评标专家' : '招标人代表',
      { code: seat.sheet!.sha256 },
      answerOf(seat),
    ]),
  });
  const dissents = state.seats.filter((seat) => seat.answer?.kind === 'dissent');
  if (dissents.length > 0) {
    page.section({ zh: '书面不同意见', en: 'Written dissent' });
    page.facts(
      dissents.map((seat) => ({
        label: { zh: `席位 ${seat.seat}`, en: `Seat ${seat.seat}` },
        value: seat.answer!.text ?? '',
      })),
    );
  }
  if (state.formerMembers.length > 0) {
    page.section({ zh: '更换的成员', en: 'Members who were replaced' });
    page.facts(
      state.formerMembers.map(({ seat, reason, at }) => ({
        label: { zh: `席位 ${seat}`, en: `Seat ${seat}` },
        value: reason,
        note: `${timeInWords(at)}；其评审结论无效（实施条例 第四十八条）`,
      })),
    );
  }
}

/** Annex: each mark of each member, offer by offer. */
function drawSheets(page: Page, { state, ranking, sheets }: ReportDetail, names: ReadonlyMap<string, string>): void {
  const { criteria } = state.basis!.scheme;
  if (criteria.length === 0 || state.seats.length > widestCommittee) return;
  const marks = new Map(
    sheets.flatMap((s) => s.marks.map((m) => [`${s.expert} ${m.offer} ${m.criterion}`, m.mark] as const)),
  );
  for (const { id } of ranking.ranking) {
    const name = names.get(id) ?? id;
    page.section({ zh: `评分明细 ${name}`, en: 'Every mark, by criterion and seat' });
    page.table({
      summary: `${name} 的各评审项得分，一列一个席位`,
      columns: [
        { head: { zh: '评审项', en: 'Criterion' }, share: 4 },
        { head: { zh: '满分', en: 'Max' }, share: 1, align: 'right' },
        ...state.seats.map(({ seat }) => ({
          head: { zh: `席位 ${seat}`, en: `Seat ${seat}` },
          share: 1.1,
          align: 'right' as const,
        })),
      ],
      rows: criteria.map((c) => [
        [c.name.zh, c.name.en],
        c.max,
        ...state.seats.map(({ expert }) => marks.get(`${expert} ${id} ${c.id}`) ?? '—'),
      ]),
    });
  }
  const remarks = sheets.flatMap((s) => s.remarks.map((r) => ({ ...r, expert: s.expert })));
  if (remarks.length === 0) return;
  const seatOf = new Map(state.seats.map((s) => [s.expert, s.seat]));
  page.section({ zh: '评委意见', en: "The members' remarks" });
  page.facts(
    remarks.map(({ expert, offer, text }) => ({
      label: { zh: `席位 ${seatOf.get(expert)}`, en: `Seat ${seatOf.get(expert)}` },
      value: text,
      note: names.get(offer) ?? offer,
    })),
  );
}

function answerOf({ answer }: Seat): string | readonly [string, string] {
  if (!answer) return ['视为同意', '未签署且未书面说明'];
  return [answer.kind === 'signed' ? '已签署' : '书面不同意见', timeInWords(answer.at)];
}
