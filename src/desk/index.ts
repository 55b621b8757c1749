/**
 * What every signed-in person sees: tasks, notices; and what watchers see: who looked at what, the trace of an entry, the health
 * of the house. Grade: reads only; its own tables hold no rights. It follows the journal by a cursor and may die without harm.
 */
import type { Journal } from '../journal/index.ts';
import { openAccessLog } from '../platform/http/access-log.ts';
import type { Route } from '../platform/http/route.ts';
import { openMail } from '../platform/mail.ts';
import type { RoomDeps } from '../platform/room.ts';
import { openVitals } from '../platform/vitals.ts';
import { secretOperations, storeReads } from './access-log.ts';
import { healthOf } from './health.ts';
import { type Mailer, mailer } from './mail.ts';
import { noticeFollower } from './notice-names.ts';
import { noticeRoutes } from './notice-routes.ts';
import { notices } from './notices.ts';
import type { DeskDeps } from './subjects.ts';
import { taskRoutes } from './task-routes.ts';
import { watchRoutes } from './watch-routes.ts';

type Deps = RoomDeps<Journal> &
  DeskDeps & {
    readonly origin: () => string;
    readonly natsState: () => 'off' | 'connected' | 'disconnected';
    /** All rooms' routes: their names tell which reads are secret. */
    readonly routes: () => readonly Route[];
  };

/** So often the clock is asked for openings that come, and mail that waits is tried again. */
const sweepMilliseconds = 30_000;

export function desk(deps: Deps) {
  const { journal, logger, config, clock } = deps;
  const accessLog = openAccessLog({ store: (rows) => storeReads(journal, rows), logger });
  const vitals = openVitals(deps.files.folder);
  const sender = config.smtpUrl ? openMail(config.smtpUrl, config.mailFrom) : null;
  const inTurn = oneAtATime();
  let post: Mailer | null = null;
  const sendMail = (): Promise<void> =>
    inTurn(async () => {
      await post?.run();
    }).catch((error: unknown) => {
      logger.error({ err: error }, '邮件处理失败 / sending mail failed');
    });
  const news = notices({ ...deps, mailEnabled: sender !== null, mailWaits: () => void sendMail() });
  if (sender) post = mailer({ journal, logger, sender, recipientOf: news.recipientOf, origin: deps.origin });
  const sweep = async (): Promise<void> => {
    // One node looks; the others would only do the same again.
    if (!journal.leads()) return;
    await news.sweep();
    await sendMail();
  };
  let following: ReturnType<Journal['followDurably']> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const health = () =>
    healthOf({
      journal,
      clock,
      vitals,
      accessLog,
      nats: deps.natsState,
      witnesses: config.witnessUrls.length,
      mailEnabled: sender !== null,
    });
  const shared = { ...deps, notices: news, mailEnabled: sender !== null, health };
  return {
    routes: [
      ...taskRoutes(deps),
      ...noticeRoutes(shared),
      ...watchRoutes({ ...shared, secretOperations: () => secretOperations(deps.routes()) }),
    ],
    accessLog,
    /** For tests: what the timer does. */
    sweep,
    start: async () => {
      following = journal.followDurably(noticeFollower, news.handle);
      timer = setInterval(() => {
        void sweep().catch((error: unknown) => {
          logger.error({ err: error }, '开标提醒失败 / telling of coming openings failed');
        });
      }, sweepMilliseconds);
      timer.unref();
    },
    stop: async () => {
      clearInterval(timer);
      await following?.stop();
      await inTurn(async () => {});
      await accessLog.stop();
      sender?.close();
      vitals.stop();
    },
  };
}

export type Desk = ReturnType<typeof desk>;

/** Work after work, so that two runs do not claim beside each other. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}
