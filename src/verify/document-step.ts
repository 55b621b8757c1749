/** Signed PDFs: whole, in the log, signed by a trusted certificate, and saying what the log says. */
import { bundlePath } from '../formats/bundle.ts';
import { sha256Hex, toHex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { type CertificateFacts, certificateFacts, type OpeningRecordFacts } from '../formats/certificate-facts.ts';
import { FormatError } from '../formats/format-error.ts';
import { verifyPdf } from '../formats/pdf-signature.ts';
import { needed } from './bundle-reader.ts';
import { type Evidence, entriesOf, requireTrusted } from './evidence.ts';
import { NotJudged } from './verdict.ts';

/** Every document issued for the bundle's project must be in it. Throws `pdf-coverage`, `certificate-hash`, `certificate-facts`, `certificate-chain`. */
export async function checkDocuments(evidence: Evidence): Promise<string> {
  const folder = bundlePath.issuedDocument('').slice(0, -'.pdf'.length);
  const paths = (await evidence.bundle.paths()).filter((p) => p.startsWith(folder));
  const { project, opening, lots } = evidence.about;
  const own = new Set([project, opening, ...lots]);
  for (const { subject, body } of entriesOf(evidence, 'certificate-issued-document'))
    if (own.has(subject) && !paths.includes(bundlePath.issuedDocument(body.pdfSha256)))
      throw new NotJudged(`材料缺少 / the bundle lacks ${bundlePath.issuedDocument(body.pdfSha256)}`);
  for (const path of paths) await checkDocument(evidence, path, await needed(evidence.bundle, path));
  return `${paths.length} 份 / documents`;
}

async function checkDocument(evidence: Evidence, path: string, pdf: Uint8Array): Promise<void> {
  const signed = verifyPdf(pdf);
  const issued = issuedAs(evidence, signed.sha256);
  if (!issued) throw new FormatError('certificate-hash', `${path} is not in the log`);
  const { certificate, certSha256, intermediates } = signed;
  requireTrusted(evidence, { certificate, certSha256, intermediates: [...intermediates] }, issued.at, issued.index);
  const wrong = (detail: string) => new FormatError('certificate-facts', `${path}: ${detail}`);
  if (!signed.facts) throw wrong('no facts are attached');
  if (issued.factsSha256 !== null && sha256Hex(signed.facts) !== issued.factsSha256)
    throw wrong('other facts than the logged ones');
  const facts = parseCanonical(certificateFacts, signed.facts);
  const fault = foreignReference(evidence, facts) ?? faultOf(evidence, facts);
  if (fault !== null) throw wrong(`${fault} differs from the log`);
}

/** The entry that issued the PDF; a report's entry names no facts. */
function issuedAs(evidence: Evidence, sha256: string) {
  const issued = entriesOf(evidence, 'certificate-issued-document').find((e) => e.body.pdfSha256 === sha256);
  if (issued) return { at: issued.at, index: issued.index, factsSha256: issued.body.factsSha256 };
  const report = entriesOf(evidence, 'evaluation-finished').find((e) => e.body.pdfSha256 === sha256);
  return report ? { at: report.at, index: report.index, factsSha256: null } : null;
}

function foreignReference({ hashes, entries }: Evidence, { journal }: CertificateFacts): string | null {
  for (const { index, leafSha256, kind } of journal) {
    const hash = hashes[Number(index)];
    const entry = entries.find((e) => e.index === Number(index));
    if (!hash || toHex(hash) !== leafSha256 || entry?.kind !== kind) return `entry ${index}`;
  }
  return null;
}

/** What of the facts the log contradicts; null where nothing. */
function faultOf(evidence: Evidence, facts: CertificateFacts): string | null {
  switch (facts.kind) {
    case 'opening-record':
      return openingFault(evidence, facts);
    case 'witness-record': {
      const logged = new Set(
        evidence.entries.flatMap((e) =>
          e.kind === 'witness-recorded' ? [String((e.body as { recordSha256?: unknown } | null)?.recordSha256)] : [],
        ),
      );
      return facts.steps.find((s) => !logged.has(s.recordSha256))?.step ?? null;
    }
    case 'evaluation-report': {
      const finished = facts.lots.some((lot) =>
        entriesOf(evidence, 'evaluation-finished', lot.id).some((e) => e.body.reportSha256 === facts.reportSha256),
      );
      return finished ? null : 'reportSha256';
    }
    case 'award-notice':
    case 'result-certificate': {
      const awards = facts.lots.flatMap((lot) => entriesOf(evidence, 'awarded', lot.id));
      const { manifestSha256, organisation, priceFen } = facts.winner;
      const fits = awards.some(
        ({ body }) =>
          body.manifestSha256 === manifestSha256 &&
          body.organisation === organisation.id &&
          body.priceFen === priceFen &&
          (facts.kind !== 'award-notice' || body.contractBy === facts.contractBy),
      );
      return fits ? null : 'winner';
    }
  }
}

function openingFault(evidence: Evidence, facts: OpeningRecordFacts): string | null {
  for (const lot of facts.lots) {
    const tenders = facts.tenders.filter((t) => t.lot === lot.id);
    const results = entriesOf(evidence, 'opened', lot.id);
    if (evidence.closed.has(lot.id) && tenders.length !== results.length) return 'tenders';
    for (const tender of tenders) {
      const result = results.find((r) => r.body.manifestSha256 === tender.manifestSha256)?.body;
      const offer = evidence.offers.get(tender.manifestSha256);
      if (!result || result.result !== tender.result || result.code !== tender.code)
        return `tender ${tender.manifestSha256}`;
      if (result.bidder !== null && result.bidder !== tender.organisation.id)
        return `bidder of ${tender.manifestSha256}`;
      if (offer && offer.priceFen !== tender.priceFen) return `price of ${tender.manifestSha256}`;
    }
  }
  for (const named of facts.closes) {
    const close = entriesOf(evidence, 'close', named.lot)[0]?.body;
    if (!close) continue;
    const { setSha256, policySha256, standing, outcome, notStanding, lot } = named;
    if (close.setSha256 !== setSha256 || close.policy !== policySha256 || close.standing !== standing)
      return `close of lot ${lot}`;
    if ((outcome === 'announced') !== entriesOf(evidence, 'announced', lot).length > 0) return `outcome of lot ${lot}`;
    const acts = evidence.closed.get(lot)?.acts ?? [];
    for (const status of ['superseded', 'withdrawn', 'late'] as const)
      if (acts.filter((a) => a.status === status).length !== notStanding[status]) return `${status} acts of lot ${lot}`;
  }
  return null;
}
