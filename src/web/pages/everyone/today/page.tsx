/** What falls to the person now, until when and by which article; and what has happened since the last visit. */
import type { Answer } from '../../../api/client.ts';
import { useApi, useCommand } from '../../../api/provider.tsx';
import { useSession } from '../../../api/session.ts';
import { shortTime } from '../../../i18n/format.ts';
import { A, useSaid, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card, Chip } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';
import { placeOf } from './place.ts';

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

type Task = Answer<'GET /api/tasks'>['tasks'][number];

export default function Today({ t }: PageProps<Text>) {
  const session = useSession();
  const tasks = useApi('GET /api/tasks', {}, { refetchSeconds: 30 });
  return (
    <div className="yg-stack">
      <h1>{session?.name ? t.hello(session.name) : t.title}</h1>
      <div className="yg-columns">
        <Reading of={tasks} lines={6}>
          {({ tasks: all }) => {
            const mine = all.filter(({ state }) => state === 'to-do' || state === 'soon');
            const others = all.filter(({ state }) => state === 'waiting');
            return (
              <div className="yg-stack">
                <Tasks t={t} title={t.toDo} tasks={mine} none={t.none} />
                {others.length > 0 ? <Tasks t={t} title={t.waiting} tasks={others} none="" /> : null}
              </div>
            );
          }}
        </Reading>
        <Notices t={t} />
      </div>
    </div>
  );
}

type TasksProps = { t: Text; title: string; tasks: readonly Task[]; none: string };

function Tasks({ t, title, tasks, none }: TasksProps) {
  return (
    <Card title={title} side={tasks.length > 0 ? <span className="yg-count">{tasks.length}</span> : null} flush>
      {tasks.length === 0 ? (
        <div className="body">
          <Empty>{none}</Empty>
        </div>
      ) : (
        <ul className="yg-rows">
          {tasks.map((task) => (
            <TaskRow key={`${task.kind} ${task.role} ${task.projectId} ${task.lot} ${task.detail}`} t={t} task={task} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function TaskRow({ t, task }: { t: Text; task: Task }) {
  const said = useSaid();
  const { words } = useSpeech();
  const place = placeOf(task);
  return (
    <li className="yg-row">
      <div className="main">
        <p>
          <Chip tone={task.state === 'to-do' ? 'now' : undefined}>{words.roles[task.role]}</Chip>{' '}
          <b>{said(task.title)}</b>
        </p>
        {task.projectName ? (
          <p>
            {task.projectName} <span className="small muted nowrap">{task.projectCode}</span>
          </p>
        ) : null}
        <p className="muted">{said(task.sentence)}</p>
        {task.law ? (
          <p className="small faint">
            {t.law}: {said(task.law)}
          </p>
        ) : null}
        {task.until ? <Countdown until={task.until} /> : null}
      </div>
      {place ? (
        <A to={place} className={task.state === 'to-do' ? 'yg-button primary' : 'yg-button'}>
          {place.startsWith('/p/') ? t.project : t.open}
          <span className="yg-visually-hidden"> {said(task.title)}</span>
        </A>
      ) : null}
    </li>
  );
}

function Notices({ t }: { t: Text }) {
  const { language } = useSpeech();
  const said = useSaid();
  const found = useApi('GET /api/notices', { query: {} });
  const read = useCommand('POST /api/notices/read', ['GET /api/notices']);
  return (
    <Card
      title={t.notices}
      flush
      footer={
        found.data?.unread ? (
          <Button busy={read.busy} onClick={() => void read.send({ body: { all: true } })}>
            {t.readAll}
          </Button>
        ) : null
      }
    >
      <Reading of={found}>
        {({ notices }) =>
          notices.length === 0 ? (
            <div className="body">
              <Empty>{t.noNotices}</Empty>
            </div>
          ) : (
            <ul className="yg-rows">
              {notices.map((notice) => (
                <li key={notice.id}>
                  <p>
                    <b>{said(notice.title)}</b> {notice.read ? null : <Chip tone="now">{t.fresh}</Chip>}
                  </p>
                  <p>{said(notice.sentence)}</p>
                  <p className="small muted">{shortTime(notice.at, language)}</p>
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
    </Card>
  );
}
