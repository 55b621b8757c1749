/** A certificate: facts in, signed PDF out. The layouts live in the rooms that issue them. */
import { sha256Hex } from '../../formats/bytes.ts';
import { canonicalBytes } from '../../formats/canonical.ts';
import { type CertificateFacts, certificateFacts } from '../../formats/certificate-facts.ts';
import type { SigningKey } from '../../formats/cms.ts';
import { entryNames } from '../../formats/entry-names.ts';
import { verifyPdf } from '../../formats/pdf-signature.ts';
import type { Page, Words } from './page.ts';
import { renderPdf } from './render.ts';
import { signPdf } from './sign.ts';

export type CertificateLayout<F extends CertificateFacts> = {
  readonly title: Words;
  /** Draws what this kind says; the log entries and the foot are added for all kinds alike. */
  draw(page: Page, facts: F): void;
};

export type IssuedCertificate = {
  readonly pdf: Uint8Array;
  /** SHA-256 of the signed file: what the journal holds. */
  readonly sha256: string;
  readonly facts: Uint8Array;
  readonly factsSha256: string;
};

/**
 * Makes the signed PDF of the facts. The same facts, key and time give the same bytes, so a repeated attempt names the same
 * file. Throws a ZodError where the facts break their schema, PdfError `glyph-missing` for a character without a glyph.
 */
export async function certificate<F extends CertificateFacts>(
  layout: CertificateLayout<F>,
  facts: F,
  key: SigningKey,
): Promise<IssuedCertificate> {
  const bytes = canonicalBytes(certificateFacts.parse(facts));
  const at = Temporal.Instant.from(facts.issuedAt);
  const unsigned = await renderPdf(
    (page) => {
      page.title(layout.title);
      layout.draw(page, facts);
      drawJournal(page, facts);
      page.check({ url: facts.checkUrl, issuer: facts.issuer });
    },
    {
      title: `${layout.title.zh} ${facts.number}`,
      lang: 'zh-CN',
      issuer: facts.issuer,
      number: facts.number,
      at,
      facts: { name: 'facts.json', bytes },
    },
  );
  const pdf = await signPdf(unsigned, key, at);
  // What is issued must pass the check that everybody will run; a photograph could be made to look like a second revision.
  verifyPdf(pdf);
  return { pdf, sha256: sha256Hex(pdf), facts: bytes, factsSha256: sha256Hex(bytes) };
}

function drawJournal(page: Page, { journal }: CertificateFacts): void {
  if (journal.length === 0) return;
  page.section({ zh: '公开日志中的记录', en: 'Entries of the public log that this document rests on' });
  page.table({
    summary: '本文件所依据的公开日志记录：序号、事项、叶子哈希',
    columns: [
      { head: { zh: '序号', en: 'Index' }, share: 0.9, align: 'right' },
      { head: { zh: '事项', en: 'Entry' }, share: 2.5 },
      { head: { zh: '叶子哈希', en: 'Leaf hash (SHA-256)' }, share: 6 },
    ],
    rows: journal.map(({ index, kind, leafSha256 }) => {
      const name = entryNames[kind];
      return [index, name ? ([name, kind] as const) : kind, { code: leafSha256 }];
    }),
  });
}
