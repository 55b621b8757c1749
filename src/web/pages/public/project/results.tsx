/** Candidates, award and issued documents of each lot, once they are public. */
import { useApi } from '../../../api/provider.tsx';
import { dayText } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { Card, Note } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import type { Text } from './page.zh.ts';
import type { Project } from './project.ts';

export const Results = ({ t, project }: { t: Text; project: Project }) => (
  <>
    {project.lots.map((lot) => (
      <LotResult key={lot.id} t={t} lot={lot} alone={project.lots.length === 1} />
    ))}
  </>
);

type LotProps = { t: Text; lot: Project['lots'][number]; alone: boolean };

function LotResult({ t, lot, alone }: LotProps) {
  const { language } = useSpeech();
  const { data } = useApi('GET /api/awards/:lot', { params: { lot: lot.id } });
  if (!data || (data.candidates.length === 0 && data.documents.length === 0)) return null;
  return (
    <Card title={alone ? t.results : `${t.results} · ${lot.name}`}>
      <div className="yg-stack">
        {data.award ? (
          <Note tone="ok" title={`${t.awarded}: ${data.award.organisation.name}`}>
            <Money fen={data.award.priceFen} withCapitals />
          </Note>
        ) : data.publicity ? (
          <Note tone="now" title={t.publicityUntil(dayText(data.publicity.lastDay, language))} />
        ) : null}
        <table className="yg-table yg-cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{t.rank}</th>
              <th scope="col">{t.bidder}</th>
              <th scope="col" className="right">
                {t.price}
              </th>
              <th scope="col" className="right">
                {t.score}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.candidates.map((candidate) => (
              <tr key={candidate.manifestSha256}>
                <td data-label={t.rank}>{candidate.rank}</td>
                <td data-label={t.bidder}>{candidate.organisation.name}</td>
                <td data-label={t.price} className="right">
                  <Money fen={candidate.priceFen} />
                </td>
                <td data-label={t.score} className="right num">
                  {candidate.total}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="yg-actions">
          {data.documents.map((document) => (
            <a key={document.pdfSha256} href={`/api/certificates/${document.pdfSha256}`}>
              {t.document[document.kind] ?? document.kind} {document.number} (PDF)
            </a>
          ))}
        </p>
      </div>
    </Card>
  );
}
