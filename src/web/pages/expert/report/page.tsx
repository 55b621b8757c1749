/** The report as each member signs it: read it, sign it, or hand in a dissent with reasons (TR 53). */
import type { EvaluationReport } from '../../../../formats/evaluation-report.ts';
import { useApi } from '../../../api/provider.tsx';
import { A } from '../../../i18n/provider.tsx';
import { Card, Note } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import { Organisation } from '../organisation.tsx';
import { Answers } from './answers.tsx';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function ReportPage({ t, params }: PageProps<Text>) {
  const lot = params.lot ?? '';
  const place = useApi('GET /api/lots/:lot', { params: { lot } });
  const desk = useApi('GET /api/evaluations/:lot/mine', { params: { lot } });
  const text = useApi('GET /api/evaluations/:lot/report/text', { params: { lot } });
  const code = place.data?.code ?? '';
  return (
    <div className="yg-stack">
      <div>
        <p className="yg-crumbs">
          <A to="/desk/sessions">{t.crumbs}</A> / <span className="nowrap">{code}</span>
        </p>
        <h1>{t.title}</h1>
        <p className="muted">{place.data?.name}</p>
      </div>
      <Reading of={text} lines={8}>
        {({ report }) => (
          <>
            <Shown t={t} report={report} sha256={desk.data?.reportSha256 ?? ''} />
            {desk.data?.answer ? <Note tone="ok" title={t.answered[desk.data.answer]} /> : null}
            {desk.data?.phase === 'reported' && !desk.data.answer && code ? (
              <Answers t={t} lot={lot} code={code} report={report} />
            ) : null}
          </>
        )}
      </Reading>
    </div>
  );
}

function Shown({ t, report, sha256 }: { t: Text; report: string; sha256: string }) {
  const { ranking, rejected, method } = JSON.parse(report) as EvaluationReport;
  return (
    <Card title={t.ranking} flush>
      <table className="yg-table yg-cards-on-phone">
        <thead>
          <tr>
            <th scope="col">{t.rank}</th>
            <th scope="col">{t.tenderer}</th>
            <th scope="col">{t.price}</th>
            <th scope="col">{t.total}</th>
          </tr>
        </thead>
        <tbody>
          {ranking.map((row) => (
            <tr key={row.manifestSha256}>
              <td data-label={t.rank}>{row.rank}</td>
              <td data-label={t.tenderer}>
                <Organisation id={row.organisation} />
              </td>
              <td data-label={t.price}>
                <Money fen={row.priceFen} />
              </td>
              <td data-label={t.total}>{row.total}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="body yg-form">
        {rejected.length > 0 ? (
          <div>
            <h3>{t.rejected}</h3>
            <ul>
              {rejected.map((why) => (
                <li key={why.manifestSha256}>
                  {why.reason} · {why.article}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        <p>
          {t.method}: <code>{method}</code>
        </p>
        <p>
          {t.hash}: <code>{sha256}</code>
        </p>
        <details>
          <summary>{t.whole}</summary>
          <code>{report}</code>
        </details>
      </div>
    </Card>
  );
}
