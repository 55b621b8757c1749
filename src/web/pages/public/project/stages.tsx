/** Where the project stands now, what has happened with its proofs, and the stages by law. */
import type { Answer } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { shortTime } from '../../../i18n/format.ts';
import { A, useSaid, useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip, classes } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { ProofBadge } from '../../../parts/proof-badge.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';
import type { Project } from './project.ts';

type Stage = Answer<'GET /api/projects/:id/timeline'>['stages'][number];

export function NowCard({ t, project }: { t: Text; project: Project }) {
  const { language } = useSpeech();
  const { data } = useApi('GET /api/projects/:id/timeline', { params: { id: project.id } });
  const hall = useApi('GET /api/halls', { query: { q: project.code } }).data?.halls.find(
    ({ openingId }) => openingId === project.opening,
  );
  const current = data?.stages.filter(({ phase }) => phase === 'current') ?? [];
  const [first] = current.toSorted((a, b) => String(a.until ?? '~').localeCompare(String(b.until ?? '~')));
  if (project.status === 'terminated' || (!first && hall?.state !== 'now')) return null;
  return (
    <Card now>
      <div className="yg-row">
        <div className="main">
          <Chip tone="now" dot>
            {hall?.state === 'now' ? t.watch : t.now}
          </Chip>
          <p className="strong">{current.map((stage) => stage[language]).join(' · ')}</p>
        </div>
        {first?.until ? <Countdown until={first.until} big /> : null}
        <A className={classes('yg-button', hall?.state === 'now' && 'primary')} to={`/hall/${project.code}`}>
          {hall?.state === 'now' ? t.watch : t.hall}
        </A>
        {current.some(({ id }) => id === 'tenders') ? (
          <A className="yg-button primary" to={`/desk/bids/${project.code}`}>
            {t.bid}
          </A>
        ) : null}
      </div>
    </Card>
  );
}

export function Course({ t, project }: { t: Text; project: Project }) {
  const { language } = useSpeech();
  const said = useSaid();
  const found = useApi('GET /api/projects/:id/course', { params: { id: project.id } });
  return (
    <Card title={t.course} side={<a href={`/calendar.ics?project=${project.id}`}>{t.calendar}</a>}>
      <Reading of={found}>
        {({ events }) =>
          events.length === 0 ? (
            <Empty>{t.noCourse}</Empty>
          ) : (
            <ol className="yg-timeline">
              {events.map((event) => (
                <li key={event.entryId} className="done">
                  <span className="num muted">{shortTime(event.at, language)}</span>
                  <span>{said(event.sentence)}</span>
                  <ProofBadge index={event.entryIndex} />
                </li>
              ))}
            </ol>
          )
        }
      </Reading>
    </Card>
  );
}

/**
 * The phase of a stage as its records tell: the rooms of opening, evaluation and award know more than the schedule. A stage is done
 * when it is over by the schedule, or when a later one has records.
 */
export function phaseOf(stages: readonly Stage[], stage: Stage, reached: ReadonlySet<string>): Stage['phase'] {
  if (stage.phase !== 'later') return stage.phase;
  const place = stages.indexOf(stage);
  const last = stages.findLastIndex(({ id }) => reached.has(id));
  return place < last ? 'done' : place === last ? 'current' : 'later';
}

export function Stages({ t, id }: { t: Text; id: string }) {
  const course = useApi('GET /api/projects/:id/course', { params: { id } }).data;
  const reached = new Set(course?.events.map(({ stage }) => stage));
  const found = useApi('GET /api/projects/:id/timeline', { params: { id } });
  return (
    <Card title={t.stages}>
      <Reading of={found}>
        {({ stages }) => (
          <ol className="yg-timeline">
            {stages.map((stage) => (
              <StageRow key={stage.id} t={t} stage={{ ...stage, phase: phaseOf(stages, stage, reached) }} />
            ))}
          </ol>
        )}
      </Reading>
    </Card>
  );
}

function StageRow({ t, stage }: { t: Text; stage: Stage }) {
  const { language, words } = useSpeech();
  const at = stage.until ?? stage.from;
  return (
    <li className={classes(stage.phase === 'done' && 'done', stage.phase === 'current' && 'now')}>
      <span className="num muted">{at ? shortTime(at, language) : t.phases[stage.phase]}</span>
      <span>
        <b>{stage[language]}</b> <span className="small faint">{t.phases[stage.phase]}</span>
        {stage.article ? (
          <>
            <br />
            <span className="small muted">
              {words.rule}: {language === 'zh' ? stage.article : stage.articleEn}
            </span>
          </>
        ) : null}
      </span>
    </li>
  );
}
