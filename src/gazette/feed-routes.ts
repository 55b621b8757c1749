/** Feeds and the calendar over HTTP, for feed readers and calendar programs. */
import { utf8 } from '../formats/bytes.ts';
import { dayOf } from '../platform/clock/calendar.ts';
import { instantText } from '../platform/clock/clock.ts';
import { BinaryAnswer, type Route, route } from '../platform/http/route.ts';
import { newestItems } from './board.ts';
import { calendarFile, calendarRows } from './calendar.ts';
import type { GazetteDeps } from './deps.ts';
import { atomFeed, type FeedHead, rssFeed } from './feeds.ts';
import { calendarQuery, feedQuery, type GazetteItem } from './schemas.ts';

/** Items of a feed; older ones are on the board. */
const feedItems = 50;
const cached = { 'Cache-Control': 'public, max-age=60' };

/** The path under which the same feed is found again: filters in a fixed order. */
function pathOf(file: string, query: Readonly<Record<string, string | undefined>>): string {
  const asked = new URLSearchParams(
    Object.entries(query)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return `/${file}${asked.size === 0 ? '' : `?${asked}`}`;
}

export function feedRoutes({ journal, parties, clock, origin }: GazetteDeps): Route[] {
  const feed = (
    file: string,
    name: string,
    title: string,
    type: string,
    write: (items: readonly GazetteItem[], head: FeedHead) => string,
  ): Route =>
    route(
      {
        method: 'GET',
        path: `/${file}`,
        name,
        who: 'anyone',
        summary: { zh: `公告订阅（${title}）`, en: `Notices as ${title}` },
        query: feedQuery,
        answer: 'binary',
        refusals: [],
      },
      async ({ query }) => {
        const { lang, ...filters } = query;
        const items = await newestItems({ db: journal.db, parties }, filters, feedItems);
        const head = { origin: origin(), path: pathOf(file, query), lang, centre: parties.centreName() };
        return new BinaryAnswer(utf8(write(items, { ...head, now: instantText(clock.now()) })), type, cached);
      },
    );
  return [
    feed('feed.atom', 'readAtomFeed', 'Atom', 'application/atom+xml; charset=utf-8', atomFeed),
    feed('feed.rss', 'readRssFeed', 'RSS 2.0', 'application/rss+xml; charset=utf-8', rssFeed),
    route(
      {
        method: 'GET',
        path: '/calendar.ics',
        name: 'readCalendar',
        who: 'anyone',
        summary: { zh: '开标与截止日历（iCalendar）', en: 'Openings and deadlines as iCalendar (RFC 5545)' },
        query: calendarQuery,
        answer: 'binary',
        refusals: [],
      },
      async ({ query: { lang, ...filters } }) => {
        const rows = await calendarRows(journal.db, dayOf(instantText(clock.now())).toString(), filters);
        const file = calendarFile(rows, { origin: origin(), lang });
        return new BinaryAnswer(utf8(file), 'text/calendar; charset=utf-8', cached);
      },
    ),
  ];
}
