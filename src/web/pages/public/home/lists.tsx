/** The three lists of the home page. */
import { useApi } from '../../../api/provider.tsx';
import { clockTime, epochOf, shortTime } from '../../../i18n/format.ts';
import { A, useSaid, useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';
import { halls, notices, results } from './reads.ts';

const Nothing = ({ children }: { children: string }) => (
  <div className="body">
    <Empty>{children}</Empty>
  </div>
);

export function Halls({ t }: { t: Text }) {
  const { language } = useSpeech();
  const found = useApi('GET /api/halls', halls, { refetchSeconds: 30 });
  return (
    <Card title={t.today} side={<A to="/openings">{t.allOpenings}</A>} flush>
      <Reading of={found}>
        {({ halls: all }) =>
          all.length === 0 ? (
            <Nothing>{t.noHalls}</Nothing>
          ) : (
            <ul className="yg-rows">
              {all.slice(0, 4).map((hall) => (
                <li key={hall.openingId} className={hall.state === 'now' ? 'yg-row now' : 'yg-row'}>
                  <span className="home-time num">
                    {clockTime(epochOf(hall.deadline), false)}
                    <small className="muted">{shortTime(hall.deadline, language).split(/[ ,]/)[0]}</small>
                  </span>
                  <span className="main">
                    <A to={`/p/${hall.projectCode}`} className="strong">
                      {hall.projectName}
                    </A>
                    <br />
                    <span className="small muted">
                      {hall.room} · <span className="nowrap">{hall.projectCode}</span>
                    </span>
                  </span>
                  <Chip tone={hall.state === 'now' ? 'now' : undefined} dot={hall.state === 'now'}>
                    {t.hallStates[hall.state]}
                  </Chip>
                  <a
                    className={hall.state === 'now' ? 'yg-button primary' : 'yg-button'}
                    href={`${language === 'en' ? '/en' : ''}/hall/${hall.projectCode}`}
                  >
                    {hall.state === 'now' ? t.watch : t.view}
                    <span className="yg-visually-hidden"> {hall.projectName}</span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
    </Card>
  );
}

export function Notices({ t }: { t: Text }) {
  const { language } = useSpeech();
  const found = useApi('GET /api/projects', notices);
  return (
    <Card title={t.notices} side={<A to="/notices">{t.all}</A>} flush>
      <Reading of={found}>
        {({ projects }) =>
          projects.length === 0 ? (
            <Nothing>{t.noNotices}</Nothing>
          ) : (
            <ul className="yg-rows">
              {projects.map((project) => (
                <li key={project.id} className="yg-row">
                  <span className="main">
                    <A to={`/p/${project.code}`} className="strong">
                      {project.name}
                    </A>
                    <br />
                    <span className="small muted">
                      {project.tendererName} · <span className="nowrap">{project.code}</span>
                    </span>
                  </span>
                  <span className="small muted nowrap">{t.deadline(shortTime(project.deadline, language))}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
    </Card>
  );
}

export function Results({ t }: { t: Text }) {
  const { language } = useSpeech();
  const said = useSaid();
  const found = useApi('GET /api/gazette', results);
  return (
    <Card title={t.results} side={<A to="/results">{t.allResults}</A>} flush>
      <Reading of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t.noResults}</Nothing>
          ) : (
            <ul className="yg-rows">
              {items.map((item) => (
                <li key={item.entryId} className="yg-row">
                  <span className="main">
                    <A to={`/p/${item.projectCode}`} className="strong">
                      {item.projectName}
                    </A>
                    <br />
                    <span className="small muted">{said(item.sentence)}</span>
                  </span>
                  <span className="small muted nowrap">{shortTime(item.at, language)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
    </Card>
  );
}
