/** A member's desk: pledge and review, then the score sheet, with the documents beside it. */
import './page.css';
import { useEffect, useState } from 'react';
import type { EvaluationScheme } from '../../../../../evaluation/scheme.ts';
import { useApi } from '../../../api/provider.tsx';
import { sizeText } from '../../../i18n/format.ts';
import { A } from '../../../i18n/provider.tsx';
import { Card, Note } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Desk } from './desk.ts';
import type { Text } from './page.zh.ts';
import { Review } from './review.tsx';
import { Sheet } from './sheet.tsx';

const restAfter = 50 * 60_000;

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function ScorePage({ t, params }: PageProps<Text>) {
  const input = { params: { lot: params.lot ?? '' } };
  const desk = useApi('GET /api/evaluations/:lot/mine', input, { refetchSeconds: 30 });
  const place = useApi('GET /api/lots/:lot', input);
  return (
    <div className="yg-stack">
      <div>
        <p className="yg-crumbs">
          <A to="/desk/sessions">{t.crumbs}</A> / <span className="nowrap">{place.data?.code}</span>
        </p>
        <h1>{place.data?.name ?? t.title}</h1>
      </div>
      <RestLine t={t} />
      <Reading of={desk} lines={8}>
        {(mine) => <Work t={t} desk={mine} code={place.data?.code ?? ''} />}
      </Reading>
      {place.data ? <Documents t={t} project={place.data.project} /> : null}
    </div>
  );
}

function Work({ t, desk, code }: { t: Text; desk: Desk; code: string }) {
  const criteria = (desk.scheme as EvaluationScheme | null)?.criteria ?? [];
  if (desk.phase === 'formed' || desk.phase === 'none')
    return (
      <Card title={t.reviewTitle}>
        <Empty>{t.waiting}</Empty>
      </Card>
    );
  if (desk.phase === 'reviewing') return <Review t={t} desk={desk} />;
  if (desk.phase === 'scoring' && !desk.locked) return <Sheet t={t} desk={desk} criteria={criteria} code={code} />;
  return (
    <Note tone="ok" title={desk.phase === 'scoring' ? t.locked : t.ended}>
      {desk.reportSha256 ? (
        <p>
          <A to={`/desk/report/${desk.lot}`}>{t.toReport}</A>
        </p>
      ) : null}
    </Note>
  );
}

/** One quiet line after fifty minutes on this page; never a dialog. */
function RestLine({ t }: { t: Text }) {
  const [tired, setTired] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setTired(true), restAfter);
    return () => clearTimeout(timer);
  }, []);
  return tired ? <p className="muted">{t.rest}</p> : null;
}

function Documents({ t, project }: { t: Text; project: string }) {
  const found = useApi('GET /api/projects/:id', { params: { id: project } });
  return (
    <Card title={t.documents}>
      <p className="muted">{t.documentsHelp}</p>
      <Reading of={found}>
        {({ documents }) => (
          <ul>
            {documents.map(({ sha256, name, bytes }) => (
              <li key={sha256}>
                <a href={`/api/projects/${project}/documents/${sha256}`} target="_blank" rel="noreferrer">
                  {name}
                </a>{' '}
                <span className="small muted">{sizeText(bytes)}</span>
              </li>
            ))}
          </ul>
        )}
      </Reading>
    </Card>
  );
}
