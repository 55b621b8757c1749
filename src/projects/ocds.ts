/**
 * Open Contracting Data Standard 1.1: a project from a release, and a release from a project. What a release does not say is
 * filled with the shortest lawful dates and named in `notes`, so that a person looks at it. Pure.
 */
import { z } from 'zod';
import { atLeastDays, dayOf, endOfDay, zone } from '../platform/clock/calendar.ts';
import type { RegistrationInput } from './service.ts';
import type { ProjectState } from './state.ts';

const money = z.looseObject({ amount: z.number().nonnegative().optional(), currency: z.string().optional() });
/** Only what is read; a release holds far more. */
export const ocdsRelease = z.looseObject({
  ocid: z.string().min(1).max(200),
  tender: z.looseObject({
    title: z.string().optional(),
    description: z.string().optional(),
    value: money.optional(),
    procurementMethod: z.string().optional(),
    mainProcurementCategory: z.string().optional(),
    eligibilityCriteria: z.string().optional(),
    tenderPeriod: z.looseObject({ startDate: z.string().optional(), endDate: z.string().optional() }).optional(),
    lots: z
      .array(z.looseObject({ id: z.string().optional(), title: z.string().optional(), value: money.optional() }))
      .optional(),
  }),
});
export const ocdsPackage = z.looseObject({ releases: z.array(ocdsRelease).min(1) });

export type OcdsImport = { readonly registration: RegistrationInput; readonly notes: readonly string[] };

/** The default scheme of an imported project: trimmed average, price only; a person sets the real one before publication. */
const scheme = { method: 'trimmed-average', params: {} };

/** Reads a release, or the first of a package; `now` gives the earliest lawful dates. Throws a ZodError on another document. */
export function projectFromOcds(document: unknown, tenderer: string, now: string): OcdsImport {
  const asPackage = ocdsPackage.safeParse(document);
  const release = asPackage.success ? asPackage.data.releases[0]! : ocdsRelease.parse(document);
  const { tender } = release;
  const notes: string[] = [];
  const category = tender.mainProcurementCategory ?? '';
  const subject = category === 'goods' || category === 'services' ? category : 'works';
  if (subject !== category) notes.push(`mainProcurementCategory "${category}" → works`);
  if (tender.procurementMethod !== 'open') notes.push(`procurementMethod "${tender.procurementMethod ?? ''}" → open`);
  if (tender.value?.currency && tender.value.currency !== 'CNY')
    notes.push(`currency ${tender.value.currency} → CNY, amount unchanged`);
  const lots = tender.lots?.length ? tender.lots : [{ title: tender.title, value: tender.value }];
  return {
    notes,
    registration: {
      name: (tender.title ?? release.ocid).slice(0, 200).padEnd(2, ' '),
      type: `construction-open-${subject}`,
      mandatory: true,
      tenderer,
      agency: null,
      approval: { authority: 'OCDS', number: release.ocid.slice(0, 100) },
      qualification: (tender.eligibilityCriteria ?? tender.description ?? '').slice(0, 20_000),
      lots: lots.map((lot, i) => ({
        name: (lot.title ?? `第 ${i + 1} 标段`).slice(0, 200),
        estimateFen: fenOf(lot.value?.amount ?? tender.value?.amount, notes),
        ceilingFen: null,
        bondFen: '0',
        bondRequired: 'none' as const,
      })),
      schedule: scheduleOf(tender.tenderPeriod?.endDate, now, notes),
      invited: null,
      invitationGround: null,
      validityDays: 90,
      evaluation: scheme,
      follows: null,
    },
  };
}

/** Fen of a JSON number of yuan: its shortest decimal text is read, so that 0.1 stays 10 fen. */
function fenOf(amount: number | undefined, notes: string[]): string {
  const match = /^(\d{1,13})(?:\.(\d{1,6}))?$/.exec(String(amount ?? ''));
  if (!match) {
    notes.push(`value.amount "${amount ?? ''}" → 0.01`);
    return '1';
  }
  return (BigInt(match[1]!) * 100n + BigInt((match[2] ?? '').padEnd(2, '0').slice(0, 2)))
    .toString()
    .replace(/^0$/, '1');
}

/** The release's deadline where it is lawful from today, otherwise the shortest lawful one. */
function scheduleOf(endDate: string | undefined, now: string, notes: string[]): RegistrationInput['schedule'] {
  const today = dayOf(now);
  const earliest = atLeastDays(today, 20);
  const asked = dayOrNull(endDate);
  const lawful = asked !== null && Temporal.PlainDate.compare(asked, earliest) >= 0;
  if (!lawful) notes.push(`tenderPeriod.endDate "${endDate ?? ''}" → ${earliest.toString()}`);
  const deadline = (lawful ? asked : earliest).toZonedDateTime({ timeZone: zone, plainTime: '10:00' }).toInstant();
  return {
    documentsFrom: today.toString(),
    documentsUntil: atLeastDays(today, 5).toString(),
    questionsUntil: endOfDay((lawful ? asked : earliest).subtract({ days: 16 })),
    deadline: deadline.toString({ smallestUnit: 'microsecond' }),
    openingRoom: '',
    evaluationRoom: '',
  };
}

function dayOrNull(text: string | undefined): Temporal.PlainDate | null {
  try {
    return text === undefined ? null : Temporal.Instant.from(text).toZonedDateTimeISO(zone).toPlainDate();
  } catch {
    return null;
  }
}

/** The OCDS release of a published project; `buyer` is the tenderer's name. */
export function releaseOf(project: ProjectState, buyer: { readonly id: string; readonly name: string }) {
  const [, way, category] = project.type.split('-');
  const yuan = (text: string) => Number(BigInt(text)) / 100;
  const estimate = project.lots.reduce((sum, lot) => sum + BigInt(lot.estimateFen), 0n);
  return {
    ocid: `ocds-yangguang-${project.id}`,
    id: `${project.code}-${project.notices.length}`,
    date: project.publishedAt ?? undefined,
    tag: ['tender'],
    initiationType: 'tender',
    language: 'zh',
    parties: [{ id: buyer.id, name: buyer.name, roles: ['buyer', 'procuringEntity'] }],
    buyer: { id: buyer.id, name: buyer.name },
    tender: {
      id: project.code,
      title: project.name,
      status: project.status === 'terminated' ? 'cancelled' : 'active',
      procurementMethod: way === 'invited' ? 'selective' : 'open',
      mainProcurementCategory: category,
      value: { amount: yuan(estimate.toString()), currency: 'CNY' },
      tenderPeriod: { startDate: project.publishedAt ?? undefined, endDate: project.schedule.deadline },
      enquiryPeriod: { startDate: project.publishedAt ?? undefined, endDate: project.schedule.questionsUntil },
      documents: project.documents.map((d) => ({ id: d.sha256, title: d.name, format: d.mediaType })),
    },
  };
}
