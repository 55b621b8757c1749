/** All opening halls by day. */
import type { Answer } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { clockTime, dateText, epochOf } from '../../../i18n/format.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

export const load = async ({ prefetch }: LoadContext): Promise<undefined> => {
  await prefetch('GET /api/halls', { query: {} });
  return undefined;
};
export const head = (t: Text): Head => ({ title: t.title, description: t.description });

type Hall = Answer<'GET /api/halls'>['halls'][number];

export default function Openings({ t }: PageProps<Text>) {
  const { language } = useSpeech();
  const found = useApi('GET /api/halls', { query: {} }, { refetchSeconds: 30 });
  return (
    <div className="yg-stack">
      <div className="yg-head">
        <div>
          <h1>{t.title}</h1>
          <p className="muted">{t.help}</p>
        </div>
        <a href="/calendar.ics">{t.calendar}</a>
      </div>
      <Reading of={found}>
        {({ halls }) =>
          halls.length === 0 ? (
            <Empty>{t.none}</Empty>
          ) : (
            [...Map.groupBy(halls, ({ deadline }) => dateText(deadline, language))].map(([day, all]) => (
              <Card key={day} title={day} flush>
                <ul className="yg-rows">
                  {all.map((hall) => (
                    <HallRow key={hall.openingId} t={t} hall={hall} />
                  ))}
                </ul>
              </Card>
            ))
          )
        }
      </Reading>
    </div>
  );
}

function HallRow({ t, hall }: { t: Text; hall: Hall }) {
  const live = hall.state === 'now';
  return (
    <li className={live ? 'yg-row now' : 'yg-row'}>
      <b className="yg-figure num">{clockTime(epochOf(hall.deadline), false)}</b>
      <span className="main">
        <A to={`/p/${hall.projectCode}`} className="strong">
          {hall.projectName}
        </A>
        <br />
        <span className="small muted">
          {hall.room} · <span className="nowrap">{hall.projectCode}</span>
          {hall.k && hall.n ? ` · ${t.quorum(hall.k, hall.n)}` : ''}
        </span>
      </span>
      <Chip tone={hall.terminated ? 'bad' : live ? 'now' : undefined} dot={live}>
        {hall.terminated ? t.stopped : t.states[hall.state]}
      </Chip>
      <A className={live ? 'yg-button primary' : 'yg-button'} to={`/hall/${hall.projectCode}`}>
        {live ? t.watch : t.view}
        <span className="yg-visually-hidden"> {hall.projectName}</span>
      </A>
    </li>
  );
}
