/** The bidder's own tenders on all lots, over HTTP. */
import { z } from 'zod';
import { fenText, identifier, sha256Text } from '../formats/primitives.ts';
import type { Journal } from '../journal/index.ts';
import { dayOf, zone } from '../platform/clock/calendar.ts';
import { type Clock, instantText } from '../platform/clock/clock.ts';
import { callerOf, type Route, route } from '../platform/http/route.ts';
import { ownTenders } from './own.ts';
import type { TenderService } from './service.ts';

const filed = { manifestSha256: sha256Text, at: z.string(), receiptPath: z.string() };
const ownLot = z.object({
  lot: identifier,
  lotName: z.string(),
  projectId: identifier,
  projectCode: z.string(),
  projectName: z.string(),
  type: z.string(),
  projectStatus: z.string(),
  deadline: z.string(),
  questionsUntil: z.string(),
  openingId: identifier,
  ceilingFen: fenText.nullable(),
  invited: z.boolean(),
  /** What would count if the deadline were now. */
  standing: z.enum(['none', 'sealed', 'withdrawn']),
  acts: z.array(
    z.object({ act: z.enum(['sealed', 'replaced', 'withdrawn']), seq: z.number(), policySha256: sha256Text, ...filed }),
  ),
  late: z.array(z.object(filed)),
  bond: z.object({ amountFen: fenText, at: z.string() }).nullable(),
  /** How many questions the organisation asked on the lot. */
  questions: z.number(),
});

export function ownTenderRoutes(deps: { journal: Journal; tenders: TenderService; clock: Clock }): Route[] {
  const yearAgo = () => dayOf(instantText(deps.clock.now())).subtract({ years: 1 }).toString();
  return [
    route(
      {
        method: 'GET',
        path: '/api/own-tenders',
        name: 'listOwnTenders',
        who: ['bidder'],
        summary: {
          zh: '我的投标：本单位在各标段的全部递交与受邀项目',
          en: "One's own tenders on every lot, and the lots one is invited to",
        },
        /** First day of the deadlines that are looked through; a year back when silent. */
        query: z.strictObject({ since: z.iso.date().optional() }),
        answer: z.object({ now: z.string(), since: z.string(), lots: z.array(ownLot) }),
        refusals: [],
      },
      async ({ query, ...call }) => {
        const since = query.since ?? yearAgo();
        const from = instantText(Temporal.PlainDate.from(since).toZonedDateTime(zone).toInstant());
        const organisation = callerOf(call).principal.organisation ?? '';
        const lots = await ownTenders(deps.journal, deps.tenders, organisation, from);
        return { now: instantText(deps.clock.now()), since, lots };
      },
    ),
  ];
}
