/** The evaluation: sheets as locked and signed, and the ranking computed again from announced offers and these sheets. */
import { bundlePath } from '../formats/bundle.ts';
import { sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { verifyDetached } from '../formats/cms.ts';
import {
  committeeOpened,
  type EvaluationReport,
  evaluationReport,
  rankingFault,
} from '../formats/evaluation-report.ts';
import { FormatError } from '../formats/format-error.ts';
import { expertCommitment, marksInOrder, type ScoreSheet, scoreSheet } from '../formats/score-sheet.ts';
import { needed } from './bundle-reader.ts';
import { type Evidence, entriesOf, requireTrusted } from './evidence.ts';

/** Sheets and report are public with the award (TL 37); before it there is nothing to check. Throws `sheet-signature`, `ranking-recompute`. */
export async function checkEvaluation(evidence: Evidence): Promise<string> {
  const found: string[] = [];
  for (const lot of evidence.about.lots) {
    const awarded = entriesOf(evidence, 'awarded', lot).length > 0;
    if (!awarded && !(await evidence.bundle.read(bundlePath.report(lot)))) continue;
    found.push(`${lot}: ${await checkLot(evidence, lot)}`);
  }
  return found.length === 0 ? '尚未定标 / not awarded yet' : found.join('，');
}

async function checkLot(evidence: Evidence, lot: string): Promise<string> {
  const bytes = await needed(evidence.bundle, bundlePath.report(lot));
  const finished = entriesOf(evidence, 'evaluation-finished', lot).at(-1);
  if (finished?.body.reportSha256 !== sha256Hex(bytes))
    throw new FormatError('ranking-recompute', `the report of lot ${lot} is not the one that the committee signed`);
  const report = parseCanonical(evaluationReport, bytes);
  const sheets = await readSheets(evidence, lot, report);
  const offers = [...evidence.offers].flatMap(([manifestSha256, offer]) =>
    offer.lot === lot ? [{ manifestSha256, organisation: offer.bidder, priceFen: offer.priceFen }] : [],
  );
  const fault = report.lot === lot ? rankingFault(report, offers, sheets) : 'lot';
  if (fault !== null) throw new FormatError('ranking-recompute', `lot ${lot}: ${fault} comes out otherwise`);
  const computed = entriesOf(evidence, 'ranking-computed', lot).at(-1)?.body.rankingSha256;
  if (computed !== report.rankingSha256)
    throw new FormatError('ranking-recompute', `lot ${lot} has another ranking in the log`);
  requireWinner(evidence, lot, report);
  return `${sheets.length} 份评分表 / sheets, ${report.ranking.length} 名 / ranked`;
}

function requireWinner(evidence: Evidence, lot: string, { candidates }: EvaluationReport): void {
  const awarded = entriesOf(evidence, 'awarded', lot).at(-1)?.body;
  if (awarded && !candidates.includes(awarded.manifestSha256))
    throw new FormatError('ranking-recompute', `the award of lot ${lot} went to none of the candidates`);
}

async function readSheets(evidence: Evidence, lot: string, report: EvaluationReport): Promise<ScoreSheet[]> {
  const members = await membersOf(evidence, lot);
  const sheets: ScoreSheet[] = [];
  for (const { seat, expert, sheetSha256, signatureSha256 } of report.committee) {
    const wrong = (detail: string) => new FormatError('sheet-signature', `seat ${seat} of lot ${lot}: ${detail}`);
    const locked = entriesOf(evidence, 'sheet-locked', lot).findLast((e) => e.body.seat === seat);
    if (!locked || locked.body.sheetSha256 !== sheetSha256 || locked.body.signatureSha256 !== signatureSha256)
      throw wrong('another sheet was locked');
    const bytes = await needed(evidence.bundle, bundlePath.sheet(sheetSha256));
    const p7s = await needed(evidence.bundle, bundlePath.sheetSignature(sheetSha256));
    if (sha256Hex(bytes) !== sheetSha256) throw wrong('the sheet was changed after it was locked');
    const signature = verifyDetached(bytes, p7s, 'sheet-signature');
    if (sha256Hex(p7s) !== signatureSha256) throw wrong('the signature is not the one that was locked');
    requireTrusted(evidence, signature, locked.at, locked.index);
    const member = members?.find((m) => m.seat === seat);
    if (member && (member.certSha256 !== signature.certSha256 || member.expert !== expert))
      throw wrong('signed by somebody else than the member of the seat');
    const sheet = parseCanonical(scoreSheet, bytes);
    if (
      sheet.lot !== lot ||
      sheet.expert !== expert ||
      sheet.schemeSha256 !== report.schemeSha256 ||
      !marksInOrder(sheet.marks)
    )
      throw wrong('a sheet of another lot, member or scheme');
    sheets.push(sheet);
  }
  return sheets;
}

/** Who sat there; null where the bundle leaves the names out. */
async function membersOf(evidence: Evidence, lot: string) {
  const bytes = await evidence.bundle.read(bundlePath.committee(lot));
  if (!bytes) return null;
  const { members, lot: named } = parseCanonical(committeeOpened, bytes);
  const wrong = members.find((m) => expertCommitment(m.person, m.salt) !== m.expert);
  if (wrong || named !== lot)
    throw new FormatError('sheet-signature', `the committee of lot ${lot} does not open its commitments`);
  return members;
}
