/** What leaves the room: the public view of an award, and the one for who runs it. */
import { z } from 'zod';
import type { AwardDeps, Reader } from './deps.ts';
import { type AwardState, nextCandidate } from './rules.ts';

const organisation = z.object({ id: z.string(), name: z.string(), uscc: z.string() });
const answer = z.object({ outcome: z.enum(['rejected', 'upheld']), at: z.string(), late: z.boolean() });

export const awardView = z.object({
  lot: z.string(),
  project: z.string().nullable(),
  status: z.enum(['waiting', 'publicity', 'awarded', 'confirmed', 'certified', 'ended']),
  round: z.number(),
  reportSha256: z.string().nullable(),
  publicity: z
    .object({ publishedAt: z.string(), lastDay: z.string(), late: z.boolean(), ended: z.boolean() })
    .nullable(),
  candidates: z.array(
    z.object({
      rank: z.number(),
      organisation,
      manifestSha256: z.string(),
      priceFen: z.string(),
      total: z.string(),
      passedOver: z.string().nullable(),
    }),
  ),
  objections: z.array(
    z.object({
      id: z.string(),
      about: z.string().nullable(),
      at: z.string(),
      answerBy: z.string(),
      overdue: z.boolean(),
      answer: answer.nullable(),
    }),
  ),
  next: z.string().nullable(),
  award: z
    .object({
      manifestSha256: z.string(),
      organisation,
      priceFen: z.string(),
      at: z.string(),
      contractBy: z.string(),
      reportBy: z.string(),
    })
    .nullable(),
  confirmedAt: z.string().nullable(),
  supervisorReport: z.object({ at: z.string(), late: z.boolean() }).nullable(),
  documents: z.array(
    z.object({ kind: z.string(), number: z.string(), pdfSha256: z.string(), factsSha256: z.string(), at: z.string() }),
  ),
});
export type AwardView = z.infer<typeof awardView>;

/** The public view; texts of objections stay out of it. */
export async function viewAward(reader: Reader, parties: AwardDeps['parties'], state: AwardState): Promise<AwardView> {
  const named = async (id: string) => {
    const found = await parties.organisation(reader, id);
    return { id, name: found?.name ?? id, uscc: found?.uscc ?? '' };
  };
  const candidates: AwardView['candidates'] = [];
  for (const { organisation: id, ...candidate } of state.candidates) {
    const passed = state.passedOver.find((p) => p.manifestSha256 === candidate.manifestSha256);
    candidates.push({ ...candidate, organisation: await named(id), passedOver: passed?.ground ?? null });
  }
  const won = candidates.find((candidate) => candidate.manifestSha256 === state.award?.manifestSha256);
  return {
    lot: state.id,
    project: state.project,
    status: state.status,
    round: state.round,
    reportSha256: state.report?.reportSha256 ?? null,
    publicity: state.publicity,
    candidates,
    objections: state.objections.map(({ id, about, at, answerBy, overdue, answer: given }) => ({
      id,
      about,
      at,
      answerBy,
      overdue,
      answer: given && { outcome: given.outcome, at: given.at, late: given.late },
    })),
    next: state.award ? null : (nextCandidate(state)?.manifestSha256 ?? null),
    award:
      state.award && won
        ? {
            manifestSha256: won.manifestSha256,
            organisation: won.organisation,
            priceFen: won.priceFen,
            at: state.award.at,
            contractBy: state.award.contractBy,
            reportBy: state.award.reportBy,
          }
        : null,
    confirmedAt: state.confirmation?.at ?? null,
    supervisorReport: state.supervisor,
    documents: [...state.documents],
  };
}

export const objectionView = z.object({
  id: z.string(),
  organisation: z.string(),
  about: z.string().nullable(),
  text: z.string(),
  at: z.string(),
  answerBy: z.string(),
  answer: z
    .object({ outcome: z.enum(['rejected', 'upheld']), text: z.string(), at: z.string(), late: z.boolean() })
    .nullable(),
});

/**
 * Objections with their texts, for those concerned: the tenderer's side and the supervisor see all, a bidder its own.
 * `organisation` is the reader's; `all` for supervisor and auditor.
 */
export function viewObjections(
  state: AwardState,
  project: { readonly tenderer: string; readonly agency: string | null },
  reader: { readonly organisation: string | null; readonly all: boolean },
): z.infer<typeof objectionView>[] {
  const side = [project.tenderer, project.agency];
  const all = reader.all || (reader.organisation !== null && side.includes(reader.organisation));
  return state.objections
    .filter((o) => all || o.organisation === reader.organisation)
    .map(({ id, organisation: by, about, text, at, answerBy, answer: given }) => ({
      id,
      organisation: by,
      about,
      text,
      at,
      answerBy,
      answer: given && { outcome: given.outcome, text: given.text, at: given.at, late: given.late },
    }));
}
