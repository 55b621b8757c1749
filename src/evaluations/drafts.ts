/** Unfinished sheets: kept as they are typed, without an entry, since an unfinished sheet is nobody's act. */
import type { Journal } from '../journal/act.ts';
import type { Row } from '../platform/database.ts';
import { type Refusal, RefusalError } from '../platform/refusal.ts';
import type { Reader } from './deps.ts';
import { evaluationRefusal } from './refusals.ts';
import type { EvaluationState } from './rules.ts';
import type { WrittenSheet } from './views.ts';

/** Saves what the member has so far; refuses anybody else, and everything once the sheet is locked. */
export async function saveDraft(
  journal: Pick<Journal, 'keep'>,
  stateOf: (reader: Reader, lot: string) => Promise<EvaluationState | null>,
  lot: string,
  person: string,
  written: WrittenSheet,
): Promise<{ at: string } | Refusal> {
  return journal.keep(async ({ em, now }) => {
    const state = await stateOf(em, lot);
    const refusal = draftFault(state, person, written);
    if (refusal) throw new RefusalError(refusal);
    await em.execute(
      `insert into evaluation_draft (lot, person, sheet, at) values (?, ?, ?::jsonb, ?)
       on conflict (lot, person) do update set sheet = excluded.sheet, at = excluded.at`,
      [lot, person, JSON.stringify(written), now],
    );
    return { at: now };
  });
}

function draftFault(state: EvaluationState | null, person: string, { marks, remarks }: WrittenSheet): Refusal | null {
  const seat = state?.seats.find((s) => s.person === person);
  if (!state || !seat) return evaluationRefusal('not-a-member');
  if (seat.sheet) return evaluationRefusal('sheet-locked');
  if (state.phase !== 'reviewing' && state.phase !== 'scoring')
    return evaluationRefusal('wrong-phase', { phase: state.phase });
  const { offers, scheme } = state.basis!;
  const known = new Set(offers.map((o) => o.manifestSha256));
  const criteria = new Set(scheme.criteria.map((c) => c.id));
  // No more cells than the sheet has, so that a draft cannot grow without end.
  const fits =
    marks.every((m) => known.has(m.offer) && criteria.has(m.criterion)) && marks.length <= known.size * criteria.size;
  return fits && remarks.length <= known.size ? null : evaluationRefusal('marks-invalid', { code: 'mark-unknown' });
}

/** The member's draft, or null. */
export async function draftOf(reader: Reader, lot: string, person: string): Promise<WrittenSheet | null> {
  const rows = (await reader.execute('select sheet from evaluation_draft where lot = ? and person = ?', [
    lot,
    person,
  ])) as Row[];
  return rows[0] ? (rows[0].sheet as WrittenSheet) : null;
}
