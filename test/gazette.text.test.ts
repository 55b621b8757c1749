/** The gazette without a server: texts of feeds and calendars, sentences, figures, and what the list of kinds must agree with. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gazette } from '../migrations/0011-gazette.ts';
import { entryNames } from '../src/formats/entry-names.ts';
import { calendarFile } from '../src/gazette/calendar.ts';
import { foldLine, icsText } from '../src/gazette/calendar-text.ts';
import { atomFeed, rfc822, rssFeed } from '../src/gazette/feeds.ts';
import { kindRows } from '../src/gazette/kinds.ts';
import { boardKinds } from '../src/gazette/rows.ts';
import type { GazetteItem } from '../src/gazette/schemas.ts';
import { sentenceOf } from '../src/gazette/sentences.ts';
import { type AwardedLot, awardFigures } from '../src/gazette/statistics.ts';
import { excerpt } from '../src/gazette/wording.ts';
import { element, xmlText } from '../src/gazette/xml-text.ts';
import { procedures } from '../src/projects/procedures/registry.ts';

const python = spawnSync('python3', ['--version']).status === 0;
/** Expat reads each document and gives back root tag and all its text. */
const expat = (documents: readonly string[]): { root: string; text: string }[] => {
  const program = `import sys, json, xml.etree.ElementTree as E
out = []
for d in json.load(sys.stdin):
    e = E.fromstring(d.encode('utf-8'))
    out.append({'root': e.tag, 'text': ''.join(e.itertext())})
print(json.dumps(out))`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { root: string; text: string }[];
};
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      ']]>',
      '\r',
      '\n',
      '\0',
      '\uD800',
      '\uFFFF',
      '公',
      '😀',
      ';',
      ',',
      '\\',
    ),
  }),
);
const sampled = (seed: number) => fc.sample(anyText, { numRuns: 400, seed });
/** What a reader may see of a text: the characters that XML lacks are replaced, nothing else changes. */
const readable = (text: string) =>
  [...text]
    .map((c) => (/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]$|^[\u{10000}-\u{10FFFF}]$/u.test(c) ? c : '\uFFFD'))
    .join('');

const item = (text: string): GazetteItem => ({
  kind: 'notice',
  entryKind: 'project-published',
  at: '2026-11-24T02:00:00.000000Z',
  projectId: 'p',
  projectCode: 'ZS-2026-GC-0001',
  projectName: text,
  type: 'construction-open-works',
  tendererId: 't',
  tendererName: text,
  openingId: 'o',
  lotId: null,
  lotName: null,
  title: { zh: '招标公告发布', en: 'Notice published' },
  sentence: { zh: text, en: text },
  entryId: '01a21268-4af1-7efd-b6ec-0ba2fe565166',
  entryIndex: '7',
});
const head = {
  origin: 'https://example.org',
  path: '/feed.atom?lang=zh&q=%3C',
  lang: 'zh',
  centre: '中心',
  now: '2026-11-25T00:00:00Z',
} as const;

describe.skipIf(!python)('XML, read by expat (needs python3)', () => {
  it('gives back whatever text was put in', () => {
    const texts = sampled(1);
    const read = expat(texts.map((text) => element('a', { inside: [element('b', text, { c: text })] })));
    expect(read.map(({ text }) => text)).toEqual(texts.map(readable));
  });

  it('feeds stay whole and no markup comes from what people wrote', () => {
    const texts = sampled(2).slice(0, 100);
    const atom = expat(texts.map((text) => atomFeed([item(text)], head)));
    expect(new Set(atom.map(({ root }) => root))).toEqual(new Set(['{http://www.w3.org/2005/Atom}feed']));
    for (const [i, { text }] of atom.entries()) expect(text).toContain(readable(texts[i] ?? ''));
    const rss = expat(texts.map((text) => rssFeed([item(text)], head)));
    expect(new Set(rss.map(({ root }) => root))).toEqual(new Set(['rss']));
  });
});

describe('feeds', () => {
  it('escape every special character in text and attributes', () => {
    expect(xmlText(`<a b="c" d='e'>&\r\0`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&#13;\uFFFD');
    expect(element('a', '', { b: '"><x' })).toBe('<a b="&quot;&gt;&lt;x"/>');
  });

  it('have ids that do not change with name, language or address', () => {
    const ids = (xml: string) => [...xml.matchAll(/<entry><id>([^<]+)/g)].map(([, id]) => id);
    const first = ids(atomFeed([item('甲')], head));
    expect(first).toEqual(['urn:uuid:01a21268-4af1-7efd-b6ec-0ba2fe565166']);
    expect(ids(atomFeed([item('乙')], { ...head, lang: 'en', origin: 'https://elsewhere.example' }))).toEqual(first);
  });

  it('name what RFC 4287 asks of a feed, also of an empty one', () => {
    for (const items of [[], [item('甲')]]) {
      const xml = atomFeed(items, head);
      for (const part of [
        '<id>tag:yangguang.org,2026:feed:/feed.atom',
        '<title>',
        '<updated>',
        '<author><name>',
        'rel="self"',
      ])
        expect(xml).toContain(part);
    }
    expect(rfc822('2026-11-24T02:00:00.123456Z')).toBe('Tue, 24 Nov 2026 02:00:00 GMT');
  });
});

describe('iCalendar', () => {
  const unfold = (text: string) => text.replaceAll('\r\n ', '');
  const plain = (text: string) => text.replace(/\\([\\;,n])/g, (_, c: string) => (c === 'n' ? '\n' : c));

  it('folds at 75 octets between characters, and unfolds to the same', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = `SUMMARY:${icsText(text)}`;
        const folded = foldLine(line);
        for (const row of folded.split('\r\n')) {
          expect(Buffer.byteLength(row)).toBeLessThanOrEqual(75);
          expect(row.isWellFormed()).toBe(true);
        }
        expect(unfold(folded)).toBe(line);
      }),
    );
  });

  it('keeps text on its line and gives it back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = icsText(text);
        expect(written).not.toMatch(/[\r\n\0]/);
        const kept = text.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n');
        expect(plain(written)).toBe([...kept].filter((c) => c === '\n' || c === '\t' || !/\p{Cc}/u.test(c)).join(''));
      }),
    );
  });

  it('a name cannot begin a property or an event of its own', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = `${text}\r\nEND:VEVENT\nBEGIN:VEVENT\rUID:evil`;
        const row = {
          project: 'p1',
          code: 'ZS-2026-GC-0001',
          name,
          opening: 'o1',
          status: 'published',
          deadline: '2026-11-24T02:00:00.000000Z',
          questionsUntil: '2026-11-10T09:00:00.000000Z',
          room: name,
          changes: 1,
          changedAt: '2026-11-01T01:00:00.000000Z',
        };
        const lines = unfold(calendarFile([row], { origin: 'https://example.org', lang: 'zh' })).split('\r\n');
        expect(lines.filter((l) => l === 'BEGIN:VEVENT')).toHaveLength(2);
        expect(lines.filter((l) => l.startsWith('UID:'))).toEqual([
          'UID:opening-o1@yangguang.org',
          'UID:questions-p1@yangguang.org',
        ]);
        expect(lines).toContain('DTSTART;TZID=Asia/Shanghai:20261124T100000');
        expect(lines.at(-1)).toBe('');
      }),
      { numRuns: 50 },
    );
  });
});

describe('the list of kinds', () => {
  it('is named in Chinese, and stands at stages that the procedures have', () => {
    const stages = new Set(procedures.flatMap((p) => p.stages.map((s) => s.id)));
    for (const [kind, { stage }] of kindRows) {
      expect(entryNames, kind).toHaveProperty([kind]);
      expect(stages, kind).toContain(stage);
    }
  });

  it('has no entry of a tender chain, and the index of the migration serves the board', () => {
    for (const kind of kindRows.keys())
      expect(['tender-late', 'sealed', 'key-given', 'question-asked']).not.toContain(kind);
    const migration = Object.create(Gazette.prototype) as Gazette;
    const statements: string[] = [];
    Object.assign(migration, { addSql: (sql: string) => statements.push(sql) });
    migration.up();
    const listed = (sql: string) => [...sql.matchAll(/'([a-z-]+)'/g)].map(([, kind]) => kind).toSorted();
    expect(listed(boardKinds)).toEqual(listed(statements.join('')));
  });
});

describe('sentences', () => {
  const told = (kind: string, event: object, lotName: string | null = null) =>
    sentenceOf({ kind, event: event as Record<string, unknown>, lotName }, new Map([['w', '甲方建设']]));

  it('name winner, price and last day', () => {
    const candidates = [
      { rank: 2, organisation: 'x', priceFen: '1' },
      { rank: 1, organisation: 'w', priceFen: '2816450000' },
    ];
    expect(told('candidates-published', { candidates, lastDay: '2026-11-30' }, '一标段').zh).toBe(
      '一标段：第一中标候选人：甲方建设，报价 28,164,500.00 元。公示到2026年11月30日（周一）。',
    );
    expect(told('awarded', { organisation: 'w', priceFen: '99' }).en).toBe('Awarded to 甲方建设 at CNY 0.99.');
  });

  it('say nothing of what the log hides: who objects, texts of objections, reasons', () => {
    const secret = { text: '商业秘密', salt: 'salt', reason: '商业秘密', by: '丙方', organisation: '丙方', id: '1' };
    for (const kind of kindRows.keys()) {
      // These publish their text (TR 22; TL 31), or name the winner; all others must not.
      if (['documents-objection-answered', 'awarded'].includes(kind)) continue;
      const event = {
        ...secret,
        registration: { schedule: { deadline: '2026-11-24T02:00:00Z' } },
        from: '2026-11-24T02:00:00Z',
        deadline: '2026-11-25T02:00:00Z',
        lastDay: '2026-11-30',
        objection: secret,
      };
      const { zh, en } = told(kind, event);
      expect(zh + en, kind).not.toMatch(/商业秘密|丙方|salt/);
    }
  });

  it('cut long texts between characters', () => {
    expect(excerpt('😀'.repeat(100), 3)).toBe('😀😀😀…');
    expect(excerpt(' a\n b ')).toBe('a b');
  });
});

describe('figures of awards', () => {
  const lot = (priceFen: string, ceilingFen: string | null, days: number): AwardedLot => ({
    priceFen,
    ceilingFen,
    publishedAt: '2026-10-01T02:00:00.000000Z',
    awardedAt: Temporal.Instant.from('2026-10-01T02:00:00Z')
      .add({ hours: days * 24 })
      .toString(),
  });

  it('are null without an award, and exact with some', () => {
    expect(awardFigures([])).toMatchObject({ count: 0, sumFen: '0', meanSavingPercent: null, medianDaysToAward: null });
    const figures = awardFigures([lot('90', '100', 30), lot('200', '300', 41), lot('7', null, 50), lot('5', '0', 40)]);
    expect(figures).toMatchObject({
      count: 4,
      sumFen: '302',
      withCeiling: 2,
      ceilingSumFen: '400',
      // (10 % + 33.33… %) / 2 = 21.666… %, and 110 / 400.
      meanSavingPercent: '21.67',
      totalSavingPercent: '27.50',
      medianDaysToAward: '40.5',
    });
    expect(figures.byMonth).toEqual([
      { month: '2026-10', count: 1, sumFen: '90' },
      { month: '2026-11', count: 3, sumFen: '212' },
    ]);
  });

  it('sums do not depend on the order, and the mean lies between the least and the greatest share', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 15n });
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount, fc.integer({ min: 1, max: 400 })), { minLength: 1 }), (raw) => {
        const lots = raw.map(([price, saved, days]) => lot(String(price), String(price + saved), days));
        const figures = awardFigures(lots);
        expect(awardFigures(lots.toReversed())).toEqual(figures);
        expect(BigInt(figures.sumFen)).toBe(lots.reduce((s, l) => s + BigInt(l.priceFen), 0n));
        expect(figures.meanSavingPercent).toMatch(/^(100|\d{1,2})\.\d\d$/);
      }),
    );
  });
});
