/** What the centre does with projects: review registrations, give rooms, show the calendar of rooms. */
import { z } from 'zod';
import { identifier } from '../formats/primitives.ts';
import { type Journal, utcText } from '../journal/index.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { projectRefusals } from './refusals.ts';
import { noticeText, projectView, roomsInput, viewOf } from './schemas.ts';
import { asActor, type ProjectService } from './service.ts';
import type { ProjectState } from './state.ts';

type Deps = { readonly journal: Journal; readonly projects: ProjectService };

const refusals = Object.keys(projectRefusals);
const params = z.strictObject({ id: identifier });
/** PostgreSQL knows no year 0. */
const day = z.iso.date().refine((text) => text >= '0001-01-01');
const booking = z.object({
  room: z.string(),
  purpose: z.string(),
  starts: z.string(),
  ends: z.string(),
  project: identifier,
  code: z.string(),
  name: z.string(),
});

const answer = (acted: Refusal | { state: ProjectState }) => (isRefusal(acted) ? acted : viewOf(acted.state));

export function venueRoutes({ journal, projects }: Deps): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/projects/:id/review',
        name: 'reviewRegistration',
        who: ['host'],
        summary: { zh: '核对登记内容', en: 'Accept or return a registration' },
        params,
        body: z.strictObject({ accepted: z.boolean(), text: noticeText }),
        answer: projectView,
        refusals,
      },
      async ({ params: { id }, body, ...call }) =>
        answer(await projects.act(id, { type: 'reviewRegistration', ...body }, asActor(callerOf(call)))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/projects/:id/rooms',
        name: 'assignRooms',
        who: ['host'],
        summary: { zh: '安排开标室与评标室', en: 'Give the opening room and the evaluation room' },
        params,
        body: roomsInput,
        answer: projectView,
        refusals,
      },
      async ({ params: { id }, body, ...call }) =>
        answer(await projects.act(id, { type: 'assignRooms', ...body }, asActor(callerOf(call)), body)),
    ),
    route(
      {
        method: 'GET',
        path: '/api/venue/calendar',
        name: 'showRoomCalendar',
        who: 'anyone',
        summary: { zh: '场所日历（已发布项目）', en: 'The calendar of rooms (published projects)' },
        query: z.strictObject({ from: day, to: day, room: z.string().max(60).optional() }),
        answer: z.object({ bookings: z.array(booking) }),
        refusals,
      },
      async ({ query: { from, to, room } }) => {
        const bookings = await journal.db.query<z.input<typeof booking>>(
          `select b.room, b.purpose, ${utcText('b.starts')} as starts, ${utcText('b.ends')} as ends, p.id as project, p.code, p.name
           from room_booking b join project p on p.id = b.project
           where b.starts < (?::date + 1)::timestamp at time zone 'Asia/Shanghai'
             and b.ends > ?::date::timestamp at time zone 'Asia/Shanghai' and (?::text is null or b.room = ?)
           order by b.starts, b.room limit 2000`,
          [to, from, room ?? null, room ?? null],
        );
        return { bookings };
      },
    ),
  ];
}
