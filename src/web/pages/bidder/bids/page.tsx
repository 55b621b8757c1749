/** What the organisation has filed, what is missing and until when; then the projects it may still enter. */
import type { Answer } from '../../../api/client.ts';
import { useServerNow } from '../../../api/clock.ts';
import { useApi } from '../../../api/provider.tsx';
import { epochOf } from '../../../i18n/format.ts';
import { A } from '../../../i18n/provider.tsx';
import { Card, Chip, Facts } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Money } from '../../../parts/money.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

type OwnLot = Answer<'GET /api/own-tenders'>['lots'][number];

export const head = (t: Text): Head => ({ title: t.title, noindex: true });
const tones = { none: 'now', sealed: 'ok', withdrawn: undefined } as const;

export default function Bids({ t }: PageProps<Text>) {
  const own = useApi('GET /api/own-tenders', {}, { refetchSeconds: 30 });
  return (
    <div className="yg-stack">
      <h1>{t.title}</h1>
      <h2>{t.own}</h2>
      <Reading of={own} lines={5}>
        {({ lots }) =>
          lots.length === 0 ? (
            <Empty>{t.noOwn}</Empty>
          ) : (
            <div className="yg-grid">
              {lots.map((lot) => (
                <LotCard key={lot.lot} t={t} lot={lot} />
              ))}
            </div>
          )
        }
      </Reading>
      <OpenProjects t={t} known={new Set(own.data?.lots.map(({ projectCode }) => projectCode))} />
    </div>
  );
}

function LotCard({ t, lot }: { t: Text; lot: OwnLot }) {
  const now = useServerNow();
  const over = now !== null && epochOf(lot.deadline) <= now;
  return (
    <Card
      title={lot.projectName}
      side={<Chip tone={tones[lot.standing]}>{t.standing[lot.standing]}</Chip>}
      now={!over && lot.standing === 'none'}
      footer={
        <div className="yg-actions">
          <A
            className={over ? 'yg-button' : 'yg-button primary'}
            to={`/desk/bids/${lot.projectCode}?lot=${lot.lot}`}
            aria-label={`${over ? t.look : t.seal} ${lot.projectCode} ${lot.lotName}`}
          >
            {over || lot.standing === 'sealed' ? t.look : t.seal}
          </A>
          <A className="yg-button" to={`/p/${lot.projectCode}`} aria-label={`${t.project} ${lot.projectCode}`}>
            {t.project}
          </A>
        </div>
      }
    >
      <div className="yg-stack">
        <p className="small muted">
          <span className="nowrap">{lot.projectCode}</span> · {t.lot(lot.lotName)}
        </p>
        <Facts
          rows={[
            [t.deadline, over ? t.over : <Countdown key="left" until={lot.deadline} />],
            ...(lot.bond ? [[t.bond, <Money key="bond" fen={lot.bond.amountFen} />] as const] : []),
          ]}
        />
        {over ? null : <p className="strong">{t.missing[lot.standing]}</p>}
      </div>
    </Card>
  );
}

function OpenProjects({ t, known }: { t: Text; known: ReadonlySet<string> }) {
  const open = useApi('GET /api/projects', { query: { phase: 'open', status: 'published', limit: 50 } });
  return (
    <Card title={t.open} flush>
      <Reading of={open} lines={4}>
        {({ projects }) => {
          const others = projects.filter(({ code }) => !known.has(code));
          if (others.length === 0)
            return (
              <div className="body">
                <Empty>{t.noOpen}</Empty>
              </div>
            );
          return (
            <ul className="yg-rows">
              {others.map(({ id, code, name, deadline }) => (
                <li key={id} className="yg-row">
                  <div className="main">
                    <p className="strong">
                      <A to={`/p/${code}`}>{name}</A>
                    </p>
                    <p className="small muted">
                      <span className="nowrap">{code}</span> · {t.deadline} <Countdown until={deadline} compact />
                    </p>
                  </div>
                  <A className="yg-button" to={`/desk/bids/${code}`} aria-label={`${t.seal} ${code}`}>
                    {t.seal}
                  </A>
                </li>
              ))}
            </ul>
          );
        }}
      </Reading>
    </Card>
  );
}
