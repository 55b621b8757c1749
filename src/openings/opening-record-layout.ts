/** 开标记录: what was opened, in the order of the log, with everything that was read out. */
import type { OpeningRecordFacts } from '../formats/certificate-facts.ts';
import { type CertificateLayout, type Page, timeInWords, yuanText } from '../platform/pdf/index.ts';

const modes: Readonly<Record<OpeningRecordFacts['mode'], string>> = {
  quorum: '由开启人员共同开启',
  bidder: '由投标人自行开启',
  'bidder-then-quorum': '由投标人开启，未到场的由开启人员共同开启',
};

const roles: Readonly<Record<string, string>> = {
  host: '主持人',
  tenderer: '招标人代表',
  agency: '代理机构',
  witness: '见证人',
  supervisor: '监督人员',
};

type Close = OpeningRecordFacts['closes'][number];

export const openingRecordLayout: CertificateLayout<OpeningRecordFacts> = {
  title: { zh: '开标记录', en: 'Opening Record' },
  draw: (page, facts) => {
    page.facts([
      { label: { zh: '项目', en: 'Project' }, value: facts.project.name, note: facts.project.code, strong: true },
      ...(facts.place ? [{ label: { zh: '开标地点', en: 'Place' }, value: facts.place }] : []),
      { label: { zh: '投标截止', en: 'Deadline' }, value: timeInWords(facts.deadline) },
      { label: { zh: '开启方式', en: 'Opened by' }, value: modes[facts.mode] },
    ]);
    for (const close of facts.closes) drawLot(page, facts, close);
    drawObjections(page, facts);
    drawSignatures(page, facts);
  },
};

function drawLot(page: Page, facts: OpeningRecordFacts, close: Close): void {
  const ceiling = facts.ceilings.find((c) => c.lot === close.lot);
  page.section({
    zh: facts.lots.find((l) => l.id === close.lot)?.name ?? close.lot,
    en: ceiling ? `Lot · ceiling price CNY ${yuanText(ceiling.ceilingFen).replace(' 元', '')}` : 'Lot',
  });
  drawCourse(page, facts, close);
  if (close.outcome !== 'announced') return;
  drawOffers(page, facts, close);
  drawOfficers(page, facts, close);
}

/** How the lot was closed, opened and announced, or why it was not. */
function drawCourse(page: Page, facts: OpeningRecordFacts, close: Close): void {
  const { superseded, withdrawn, late } = close.notStanding;
  const of = (result: 'opened' | 'invalid') =>
    facts.tenders.filter((t) => t.lot === close.lot && t.result === result).length;
  const outcome = {
    announced: `开启 ${of('opened')} 份，无效 ${of('invalid')} 份`,
    failed: `有效投标 ${close.standing} 份，不足三家，不予开启，应当重新招标`,
    terminated: '项目终止，不予开启',
  }[close.outcome];
  page.facts([
    { label: { zh: '封存', en: 'Closed' }, value: timeInWords(close.closedAt) },
    ...(close.releasedAt ? [{ label: { zh: '开启', en: 'Opened' }, value: timeInWords(close.releasedAt) }] : []),
    ...(close.announcedAt ? [{ label: { zh: '公布', en: 'Announced' }, value: timeInWords(close.announcedAt) }] : []),
    {
      label: { zh: '递交情况', en: 'Tenders' },
      value: outcome,
      note: `另有：已被替换 ${superseded} 份，已撤回 ${withdrawn} 份，逾期拒收 ${late} 份`,
    },
    { label: { zh: '开标规则', en: 'Opening policy' }, value: close.policySha256, code: true },
    { label: { zh: '封存清单', en: 'Close set' }, value: close.setSha256, code: true },
  ]);
}

function drawOffers(page: Page, facts: OpeningRecordFacts, { lot }: Close): void {
  const tenders = facts.tenders.filter((tender) => tender.lot === lot);
  const name = facts.lots.find((l) => l.id === lot)?.name ?? lot;
  page.table({
    summary: `${name} 的投标人、报价、工期、质量与项目负责人`,
    columns: [
      { head: { zh: '序', en: 'No' }, share: 0.6, align: 'center' },
      { head: { zh: '投标人', en: 'Bidder' }, share: 3.6 },
      { head: { zh: '报价（元）', en: 'Offer (CNY)' }, share: 2.1, align: 'right' },
      { head: { zh: '工期', en: 'Days' }, share: 0.9, align: 'right' },
      { head: { zh: '质量', en: 'Quality' }, share: 1 },
      { head: { zh: '负责人', en: 'Manager' }, share: 1.1 },
    ],
    rows: tenders.map((tender, i) => [
      String(i + 1),
      [tender.organisation.name, tender.result === 'invalid' ? `无效 ${tender.code ?? ''}` : tender.organisation.uscc],
      tender.priceFen === null ? '—' : yuanText(tender.priceFen).replace(' 元', ''),
      tender.durationDays === null ? '—' : String(tender.durationDays),
      tender.quality ?? '—',
      tender.manager ?? '—',
    ]),
  });
}

function drawOfficers(page: Page, facts: OpeningRecordFacts, { lot }: Close): void {
  const officers = facts.officers.filter((o) => o.lot === lot);
  if (officers.every((o) => o.releasedAt === null)) return;
  page.table({
    summary: '开启人员及其交出钥匙份额的时间',
    columns: [
      { head: { zh: '席位', en: 'Seat' }, share: 0.8, align: 'center' },
      { head: { zh: '开启人员', en: 'Officer' }, share: 2 },
      { head: { zh: '姓名', en: 'Name' }, share: 2 },
      { head: { zh: '交出份额', en: 'Shares released' }, share: 3.5 },
    ],
    rows: officers.map(({ x, role, name, releasedAt }) => [
      String(x),
      roles[role] ?? role,
      name,
      releasedAt === null ? '未参加' : timeInWords(releasedAt),
    ]),
  });
}

function drawObjections(page: Page, facts: OpeningRecordFacts): void {
  page.section({ zh: '现场异议', en: 'Objections on the spot' });
  if (facts.objections.length === 0) page.paragraph({ zh: '开标现场没有异议。', en: 'There was no objection.' });
  for (const { at, organisation, text, answer } of facts.objections)
    page.facts([
      { label: { zh: '提出', en: 'Raised' }, value: organisation, note: timeInWords(at) },
      { label: { zh: '异议', en: 'Objection' }, value: text },
      { label: { zh: '答复', en: 'Answer' }, value: answer },
    ]);
}

function drawSignatures(page: Page, facts: OpeningRecordFacts): void {
  if (facts.signatures.length === 0) return;
  page.section({ zh: '签署', en: 'Signed by' });
  page.facts(
    facts.signatures.map(({ role, name, certSha256, at }) => ({
      label: { zh: roles[role] ?? role, en: role },
      value: `${name}　${timeInWords(at)}`,
      note: certSha256,
    })),
  );
}
