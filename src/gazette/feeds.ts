/** The board as Atom (RFC 4287) and RSS 2.0. Ids are made of the journal entry's id, so they outlive names and addresses. Pure. */
import type { GazetteItem } from './schemas.ts';
import type { Language } from './wording.ts';
import { element } from './xml-text.ts';

export type FeedHead = {
  readonly origin: string;
  /** Path and query of the feed itself. */
  readonly path: string;
  readonly lang: Language;
  readonly centre: string;
  /** `updated` of a feed without items. */
  readonly now: string;
};

const titles: Readonly<Record<Language, string>> = { zh: '阳光交易公告', en: 'Yangguang notices' };
const languageTag: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };
/** RFC 4287 4.2.6: an absolute IRI that never changes. */
const idOf = (item: Pick<GazetteItem, 'entryId'>): string => `urn:uuid:${item.entryId}`;
const pageOf = (origin: string, item: GazetteItem): string => `${origin}/p/${encodeURIComponent(item.projectCode)}`;
const headline = (item: GazetteItem, lang: Language): string => `${item.title[lang]}：${item.projectName}`;
const declaration = '<?xml version="1.0" encoding="utf-8"?>\n';

/** An Atom document. The feed's id does not name the server: filters make feeds of their own. */
export function atomFeed(items: readonly GazetteItem[], head: FeedHead): string {
  const { origin, path, lang, centre, now } = head;
  const entries = items.map((item) =>
    element('entry', {
      inside: [
        element('id', idOf(item)),
        element('title', headline(item, lang)),
        element('updated', item.at),
        element('published', item.at),
        element('author', { inside: [element('name', item.tendererName)] }),
        element('link', '', { rel: 'alternate', type: 'text/html', href: pageOf(origin, item) }),
        element('category', '', { term: item.kind }),
        element('content', `${item.sentence[lang]} (${item.projectCode})`, { type: 'text' }),
      ],
    }),
  );
  const inside = [
    element('id', `tag:yangguang.org,2026:feed:${path}`),
    element('title', `${titles[lang]} · ${centre}`),
    element('updated', items[0]?.at ?? now),
    element('author', { inside: [element('name', centre)] }),
    element('link', '', { rel: 'self', type: 'application/atom+xml', href: origin + path }),
    element('link', '', { rel: 'alternate', type: 'text/html', href: `${origin}/notices` }),
    ...entries,
  ];
  const attributes = { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': languageTag[lang] };
  return `${declaration}${element('feed', { inside }, attributes)}\n`;
}

const rfc822Days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const rfc822Months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

/** `Tue, 24 Nov 2026 02:00:00 GMT` (RFC 822 with four digits of the year, as RSS asks). */
export function rfc822(instant: string): string {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO('UTC');
  const day = `${rfc822Days[at.dayOfWeek - 1]}, ${two(at.day)} ${rfc822Months[at.month - 1]} ${at.year}`;
  return `${day} ${two(at.hour)}:${two(at.minute)}:${two(at.second)} GMT`;
}

/** An RSS 2.0 document, for readers that know no Atom. */
export function rssFeed(items: readonly GazetteItem[], head: FeedHead): string {
  const { origin, path, lang, centre, now } = head;
  const entries = items.map((item) =>
    element('item', {
      inside: [
        element('title', headline(item, lang)),
        element('link', pageOf(origin, item)),
        element('description', `${item.sentence[lang]} (${item.projectCode})`),
        element('category', item.kind),
        element('guid', idOf(item), { isPermaLink: 'false' }),
        element('pubDate', rfc822(item.at)),
      ],
    }),
  );
  const inside = [
    element('title', `${titles[lang]} · ${centre}`),
    element('link', `${origin}/notices`),
    element('description', titles[lang]),
    element('language', languageTag[lang]),
    element('lastBuildDate', rfc822(items[0]?.at ?? now)),
    element('atom:link', '', { rel: 'self', type: 'application/rss+xml', href: origin + path }),
    ...entries,
  ];
  const attributes = { version: '2.0', 'xmlns:atom': 'http://www.w3.org/2005/Atom' };
  return `${declaration}${element('rss', { inside: [element('channel', { inside })] }, attributes)}\n`;
}
