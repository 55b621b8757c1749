/** The person's own notices, follows and address for mail. Nobody sees another's. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import { sqlArray } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import {
  followed,
  follows,
  mailChoice,
  mailSetting,
  marked,
  markRead,
  noticeList,
  noticeQuery,
  type noticeRow,
} from './contracts.ts';
import { choiceOf, keepChoice } from './mail-choice.ts';
import { type NoticeKind, noticeTexts } from './notice-texts.ts';
import { type Notices, readNotices, unreadOf } from './notices.ts';
import { deskRefusal } from './refusals.ts';
import type { DeskDeps } from './subjects.ts';

type Deps = DeskDeps & { readonly notices: Notices; readonly mailEnabled: boolean };
const textOr = (value: unknown): string | null => (value == null ? null : String(value));

export function noticeRoutes(deps: Deps): Route[] {
  const { journal, notices } = deps;
  return [
    route(
      {
        method: 'GET',
        path: '/api/notices',
        name: 'listNotices',
        who: 'signed-in',
        summary: { zh: '我的通知（未读在前）', en: "The caller's notices, unread first" },
        query: noticeQuery,
        answer: noticeList,
        refusals: [],
      },
      async (call) => {
        const recipient = notices.recipientOf(callerOf(call).principal.person);
        const { rows, unread, next } = await readNotices(journal.db.read(), recipient, call.query);
        return { unread, notices: rows.map(shown), next };
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/notices/read',
        name: 'markNoticesRead',
        who: 'signed-in',
        summary: { zh: '标为已读', en: 'Mark notices as read' },
        body: markRead,
        answer: marked,
        refusals: [],
      },
      async (call) => {
        const recipient = notices.recipientOf(callerOf(call).principal.person);
        const ids = 'ids' in call.body ? sqlArray(call.body.ids) : null;
        await journal.keep(({ em, now }) =>
          em.execute(
            `update notice set read_at = ? where recipient = ? and read_at is null and (?::uuid[] is null or id = any(?::uuid[]))`,
            [now, recipient, ids, ids],
          ),
        );
        return { unread: await unreadOf(journal.db.read(), recipient) };
      },
    ),
    ...followRoutes(deps),
    ...mailRoutes(deps),
  ];
}

function shown(row: Row): z.infer<typeof noticeRow> {
  const { title, sentence } = noticeTexts[row.kind as NoticeKind];
  return {
    id: String(row.id),
    at: String(row.at),
    kind: row.kind as NoticeKind,
    title: { ...title },
    sentence: { ...sentence },
    projectId: textOr(row.project),
    projectCode: textOr(row.code),
    projectName: textOr(row.name),
    lot: textOr(row.lot),
    opening: textOr(row.opening),
    read: row.read === true,
  };
}

function followRoutes({ journal, notices }: Deps): Route[] {
  const params = z.strictObject({ project: identifier });
  return [
    route(
      {
        method: 'GET',
        path: '/api/follows',
        name: 'listFollows',
        who: 'signed-in',
        summary: { zh: '我关注的项目', en: 'Projects that the caller follows' },
        answer: follows,
        refusals: [],
      },
      async (call) => {
        const rows = await journal.db.query(
          `select p.id, p.code, p.name from follow f join project p on p.id = f.project
           where f.recipient = ? order by f.at desc limit 500`,
          [notices.recipientOf(callerOf(call).principal.person)],
        );
        const projects = rows.map(({ id, code, name }) => ({
          projectId: String(id),
          projectCode: String(code),
          projectName: String(name),
        }));
        return { projects };
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/follows/:project',
        name: 'followProject',
        who: 'signed-in',
        summary: { zh: '关注项目（只有本人知道）', en: 'Follow a project; nobody else sees it' },
        params,
        answer: followed,
        refusals: ['follow-unknown'],
      },
      async (call) => {
        const recipient = notices.recipientOf(callerOf(call).principal.person);
        const [project] = await journal.db.query(
          'select 1 as one from project where id = ? and published_at is not null',
          [call.params.project],
        );
        if (!project) return deskRefusal('follow-unknown');
        await journal.keep(({ em, now }) =>
          em.execute('insert into follow (recipient, project, at) values (?, ?, ?) on conflict do nothing', [
            recipient,
            call.params.project,
            now,
          ]),
        );
        return { following: true };
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/api/follows/:project',
        name: 'unfollowProject',
        who: 'signed-in',
        summary: { zh: '不再关注', en: 'Follow a project no more' },
        params,
        answer: followed,
        refusals: [],
      },
      async (call) => {
        const recipient = notices.recipientOf(callerOf(call).principal.person);
        await journal.keep(({ em }) =>
          em.execute('delete from follow where recipient = ? and project = ?', [recipient, call.params.project]),
        );
        return { following: false };
      },
    ),
  ];
}

function mailRoutes({ journal, mailEnabled }: Deps): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/me/mail',
        name: 'readMailSetting',
        who: 'signed-in',
        summary: { zh: '我的邮件设置', en: "The caller's mail setting" },
        answer: mailSetting,
        refusals: [],
      },
      async (call) => ({
        enabled: mailEnabled,
        ...(await choiceOf(journal.db.read(), callerOf(call).principal.person)),
      }),
    ),
    route(
      {
        method: 'PUT',
        path: '/api/me/mail',
        name: 'changeMailSetting',
        who: 'signed-in',
        summary: { zh: '更改邮件设置', en: "Change the caller's mail setting" },
        body: mailChoice,
        answer: mailSetting,
        refusals: ['mail-address-missing', 'mail-off'],
      },
      async (call) => {
        const { address, wanted, kinds } = call.body;
        if (wanted && address === null) return deskRefusal('mail-address-missing');
        if (wanted && !mailEnabled) return deskRefusal('mail-off');
        const choice = { address, wanted, kinds: kinds ?? [] };
        await keepChoice(journal, callerOf(call).principal.person, choice);
        return { enabled: mailEnabled, ...choice };
      },
    ),
  ];
}
