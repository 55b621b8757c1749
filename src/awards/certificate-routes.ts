/** Every signed document of the platform, by its hash or its number: public, since who holds one may check it. */
import { z } from 'zod';
import { FormatError } from '../formats/format-error.ts';
import { verifyPdf } from '../formats/pdf-signature.ts';
import { sha256Text } from '../formats/primitives.ts';
import { BinaryAnswer, type Route, route } from '../platform/http/route.ts';
import type { AwardDeps } from './deps.ts';
import { awardRefusal } from './refusals.ts';
import type { AwardService } from './service.ts';

const params = z.strictObject({ sha256: sha256Text });
const refusals = ['document-unknown'];

const listed = z.object({
  sha256: z.string(),
  kind: z.string(),
  number: z.string().nullable(),
  subject: z.string(),
  at: z.string(),
  /** Where it stands in the log; null until it is sequenced. */
  journal: z.object({ index: z.string(), leafSha256: z.string() }).nullable(),
});

export function certificateRoutes({ journal, files }: AwardDeps, awards: AwardService): Route[] {
  /**
   * The stored file of an issued document; null where none was issued or it is not here. The log names the report's hash when
   * the evaluation ends, but what the committee compared and recommended is secret until the award (招标投标法 44).
   */
  const stored = async (sha256: string): Promise<Uint8Array | null> => {
    const reader = journal.db.read();
    const found = await awards.documentBySha256(reader, sha256);
    if (!found || (found.kind === 'evaluation-report' && !(await awards.awarded(reader, found.subject)))) return null;
    return (await files.stat(sha256)) ? files.read(sha256) : null;
  };
  return [
    route(
      {
        method: 'GET',
        path: '/api/certificates',
        name: 'findCertificates',
        who: 'anyone',
        summary: { zh: '按文件编号查找已签发的文件', en: 'Issued documents with this number' },
        query: z.strictObject({ number: z.string().min(1).max(120) }),
        answer: z.object({ certificates: z.array(listed) }),
        refusals: [],
      },
      async ({ query: { number } }) => {
        const reader = journal.db.read();
        const certificates: z.infer<typeof listed>[] = [];
        for (const { entry, pdfSha256, kind, number: own, subject, at } of await awards.documentsByNumber(
          reader,
          number,
        )) {
          const place = await journal.indexOf(reader, entry);
          certificates.push({
            sha256: pdfSha256,
            kind,
            number: own,
            subject,
            at,
            journal: place && { index: String(place.index), leafSha256: place.leafSha256 },
          });
        }
        return { certificates };
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/certificates/:sha256',
        name: 'downloadCertificate',
        who: 'anyone',
        summary: { zh: '下载已签发的 PDF 文件', en: 'The signed PDF' },
        params,
        answer: 'binary',
        refusals,
      },
      async ({ params: { sha256 } }) => {
        const pdf = await stored(sha256);
        if (!pdf) return awardRefusal('document-unknown');
        return new BinaryAnswer(pdf, 'application/pdf', {
          'Content-Disposition': `inline; filename="${sha256.slice(0, 16)}.pdf"`,
        });
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/certificates/:sha256/facts',
        name: 'readCertificateFacts',
        who: 'anyone',
        summary: { zh: '文件内嵌的结构化内容', en: 'The JSON facts inside the PDF' },
        params,
        answer: 'binary',
        refusals,
      },
      async ({ params: { sha256 } }) => {
        const pdf = await stored(sha256);
        const facts = pdf && factsIn(pdf);
        return facts ? new BinaryAnswer(facts, 'application/json') : awardRefusal('document-unknown');
      },
    ),
  ];
}

function factsIn(pdf: Uint8Array): Uint8Array | null {
  try {
    return verifyPdf(pdf).facts;
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}
