/**
 * Open Contracting Data Standard 1.1, inwards: a registration from a release. What a release does not say is filled with the
 * shortest lawful dates; what could not be taken over is named in `notes`, so that a person looks at it. Pure.
 */
import { z } from 'zod';
import { atLeastDays, dayOf, orNextWorkingDay, zone } from '../platform/clock/calendar.ts';
import type { RegistrationInput } from './service.ts';

const text = z.string().nullish();
const value = z.looseObject({ amount: z.number().nullish(), currency: text }).nullish();
const period = z.looseObject({ startDate: text, endDate: text }).nullish();
/** Only what is read; a release holds far more, and all of it comes from outside. */
const ocdsRelease = z.looseObject({
  ocid: z.string().min(1).max(200),
  tender: z.looseObject({
    title: text,
    description: text,
    value,
    procurementMethod: text,
    mainProcurementCategory: text,
    eligibilityCriteria: text,
    tenderPeriod: period,
    enquiryPeriod: period,
    lots: z
      .array(z.looseObject({ title: text, value }))
      .max(200)
      .nullish(),
  }),
});
const ocdsPackage = z.looseObject({ releases: z.array(z.unknown()).min(1).max(10_000) });

/** Fields of a tender that this import reads or may safely leave out. */
const understood = new Set([
  ...Object.keys(ocdsRelease.shape.tender.shape),
  ...['id', 'status', 'datePublished', 'procuringEntity', 'submissionMethod'],
]);

/** What was not taken over as it stood: where, and what was put in its place (or nothing). */
export type OcdsNote = { readonly path: string; readonly zh: string; readonly en: string };
export type OcdsImport = { readonly registration: RegistrationInput; readonly notes: readonly OcdsNote[] };

/** The default scheme of an imported project: trimmed average, price only; a person sets the real one before publication. */
const scheme = { method: 'trimmed-average', params: {} };

/**
 * Reads a release, or the last of a package; `now` gives the earliest lawful dates. Throws a ZodError on another document, and
 * CalendarMissing where the dates reach into a year without a calendar.
 */
export function projectFromOcds(document: unknown, tenderer: string, now: string): OcdsImport {
  const asPackage = ocdsPackage.safeParse(document);
  const release = ocdsRelease.parse(asPackage.success ? asPackage.data.releases.at(-1) : document);
  const { tender } = release;
  const notes: OcdsNote[] = [];
  const note = (path: string, zh: string, en: string) => notes.push({ path, zh, en });
  if (asPackage.success && asPackage.data.releases.length > 1)
    note('releases', '有多个发布，取最后一个', 'several releases; the last one was read');
  for (const [field, given] of Object.entries(tender))
    if (given !== null && !understood.has(field))
      note(`tender.${field}`, '未导入，请人工核对', 'not taken over; please check');
  note('tender', '评标办法、审批信息、保证金须人工填写', 'scheme, approval and bonds are to be filled in by hand');
  const title = titleOf(tender.title);
  if (title === null) note('tender.title', '缺少名称，以 OCID 代替', 'no title; the OCID stands in its place');
  return {
    notes,
    registration: {
      name: title ?? first(release.ocid.trim().padEnd(2, '-'), 200),
      type: typeOf(tender.mainProcurementCategory, tender.procurementMethod, note),
      mandatory: true,
      tenderer,
      agency: null,
      approval: null,
      qualification: first(tender.eligibilityCriteria ?? tender.description ?? '', 20_000),
      lots: lotsOf(tender, note),
      schedule: scheduleOf(tender, now, note),
      invited: null,
      invitationGround: null,
      validityDays: 90,
      evaluation: scheme,
      follows: null,
    },
  };
}

type Tender = z.output<typeof ocdsRelease>['tender'];
type Note = (path: string, zh: string, en: string) => void;

/** The first n characters; a character is never cut in half. */
const first = (given: string, n: number): string => [...given].slice(0, n).join('');

/** A title of 2 to 200 characters, null where there is none. */
function titleOf(given: string | null | undefined): string | null {
  const title = first((given ?? '').trim(), 200).trim();
  return [...title].length < 2 ? null : title;
}

function typeOf(category: string | null | undefined, method: string | null | undefined, note: Note): string {
  const subject = category === 'goods' || category === 'services' || category === 'works' ? category : 'works';
  if (subject !== category)
    note('tender.mainProcurementCategory', `“${category ?? ''}”按工程处理`, `"${category ?? ''}" is read as works`);
  // Whom an invited tender invites is not in a release.
  if (method !== 'open')
    note('tender.procurementMethod', `“${method ?? ''}”按公开招标处理`, `"${method ?? ''}" is read as open`);
  return `construction-open-${subject}`;
}

function lotsOf(tender: Tender, note: Note): RegistrationInput['lots'] {
  const given = tender.lots?.length ? tender.lots : [{ title: tender.title, value: tender.value }];
  return given.map((lot, i) => {
    const path = tender.lots?.length ? `tender.lots.${i}.value` : 'tender.value';
    const worth = lot.value ?? tender.value;
    if (worth?.currency && worth.currency !== 'CNY')
      note(
        path,
        `币种 ${worth.currency.slice(0, 3)} 未换算，请填写人民币估算价`,
        `${worth.currency.slice(0, 3)} not converted`,
      );
    const estimate = fenOf(worth?.amount);
    if (estimate === null)
      note(path, '估算价缺失或不可用，暂记 0.01 元', 'no usable amount; 0.01 yuan stands in its place');
    return {
      name: titleOf(lot.title) ?? `第 ${i + 1} 标段`,
      estimateFen: estimate ?? '1',
      ceilingFen: null,
      bondFen: '0',
      bondRequired: 'none',
    };
  });
}

/** Fen of a JSON number of yuan by its shortest decimal text, so that 0.1 is 10 fen; null unless it is above zero and exact. */
function fenOf(amount: number | null | undefined): string | null {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(String(amount ?? ''));
  if (!match) return null;
  const fen = BigInt(match[1]!) * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
  return fen > 0n ? fen.toString() : null;
}

/** The release's deadline and end of questions where they are lawful from today, otherwise the shortest lawful ones. */
function scheduleOf(tender: Tender, now: string, note: Note): RegistrationInput['schedule'] {
  const today = dayOf(now);
  const earliest = atLeastDays(today, 20);
  const asked = instantOrNull(tender.tenderPeriod?.endDate);
  const lawful = asked !== null && Temporal.PlainDate.compare(dayOf(asked), earliest) >= 0;
  const morning = earliest.toZonedDateTime({ timeZone: zone, plainTime: '10:00' }).toInstant();
  const deadline = lawful ? asked : morning.toString({ smallestUnit: 'microsecond' });
  if (!lawful)
    note(
      'tender.tenderPeriod.endDate',
      `不合法定最短期限，改为 ${earliest}`,
      `not lawful from today; moved to ${earliest}`,
    );
  const questions = instantOrNull(tender.enquiryPeriod?.endDate);
  // Answers that may affect tenders need fifteen days before the deadline (TR 21), so questions end a day earlier.
  const lastQuestions = dayOf(deadline).subtract({ days: 16 }).toZonedDateTime({ timeZone: zone, plainTime: '17:00' });
  const questionsUntil =
    questions !== null && questions > now && questions < deadline
      ? questions
      : lastQuestions.toInstant().toString({ smallestUnit: 'microsecond' });
  if (questionsUntil !== questions)
    note(
      'tender.enquiryPeriod.endDate',
      `提问截止定为 ${dayOf(questionsUntil)}`,
      `questions end on ${dayOf(questionsUntil)}`,
    );
  return {
    documentsFrom: today.toString(),
    documentsUntil: orNextWorkingDay(atLeastDays(today, 5)).toString(),
    questionsUntil,
    deadline,
    openingRoom: '',
    evaluationRoom: '',
  };
}

/** RFC 3339 UTC with six decimals; null for what is no instant of a year that people use. */
function instantOrNull(given: string | null | undefined): string | null {
  if (!given || given.length > 40) return null;
  try {
    const found = Temporal.Instant.from(given).toString({ smallestUnit: 'microsecond' });
    return /^\d{4}-/.test(found) ? found : null;
  } catch {
    return null;
  }
}
