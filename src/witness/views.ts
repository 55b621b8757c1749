/** What the witness routes answer with, and the draft of a record from what the witness wrote. */
import { z } from 'zod';
import { toHex } from '../formats/bytes.ts';
import { canonicalJson } from '../formats/canonical.ts';
import { type WitnessRecord, witnessRecord, witnessStep, witnessSubjectKind } from '../formats/witness-record.ts';
import type { Acted } from '../journal/index.ts';
import { randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { Photo } from './photos.ts';
import { witnessRefusal } from './refusals.ts';
import { lastRecord, onDuty, stepStatus, stepsOf, stopsOf, type WitnessEvent, type WitnessState } from './state.ts';

/** What a witness writes; the rest of the record follows from the state. */
export const written = witnessRecord.pick({ checked: true, found: true, refused: true, note: true, claimedAt: true });
const stepView = z.object({
  step: witnessStep,
  status: z.enum(['signed', 'stopped', 'open']),
  onDuty: z.string().nullable(),
  stops: z.array(
    z.object({
      at: z.string(),
      by: z.string(),
      reason: z.string(),
      lifted: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
    }),
  ),
  records: z.array(
    z.object({ seq: z.number(), sha256: z.string(), signatureSha256: z.string(), person: z.string(), at: z.string() }),
  ),
});
export const view = z.object({
  subject: z.string(),
  subjectKind: witnessSubjectKind,
  project: z.string(),
  steps: z.array(stepView),
  duties: z.array(
    z.object({
      person: z.string(),
      steps: z.array(witnessStep),
      since: z.string(),
      assignedBy: z.string(),
      reason: z.string().nullable(),
    }),
  ),
  documents: z.array(z.object({ number: z.string(), pdfSha256: z.string(), bytes: z.number(), at: z.string() })),
});
type View = z.infer<typeof view>;
export const acted = view.extend({ entryIds: z.array(z.string()), at: z.string() });
export const photoView = z.object({
  sha256: z.string(),
  bytes: z.number(),
  mediaType: z.enum(['image/jpeg', 'image/png']),
  person: z.string(),
});

/** A refusal, or the subject as it stands after the act. */
export function answered(answer: Refusal | Acted<WitnessState, WitnessEvent>): Refusal | z.infer<typeof acted> {
  if (isRefusal(answer)) return answer;
  return { ...viewOf(answer.state), entryIds: [...answer.entryIds], at: answer.at };
}

/** The subject as readers see it. */
export function viewOf(state: WitnessState): View {
  const subjectKind = state.subjectKind!;
  return {
    subject: state.id,
    subjectKind,
    project: state.project!,
    steps: stepsOf[subjectKind].map((step) => ({
      step,
      status: stepStatus(state, step),
      onDuty: onDuty(state, step),
      stops: stopsOf(state, step).map(({ at, by, reason: why, lifted }) => ({ at, by, reason: why, lifted })),
      records: state.records
        .filter((record) => record.step === step)
        .map(({ seq, sha256, signatureSha256, person, at }) => ({ seq, sha256, signatureSha256, person, at })),
    })),
    duties: state.duties.map((duty) => ({ ...duty, steps: [...duty.steps] })),
    documents: state.documents.map(({ number, pdfSha256, bytes, at }) => ({ number, pdfSha256, bytes, at })),
  };
}

/** The canonical text for the witness to sign; refuses while the step is stopped or a photo is not the witness's own. */
export function draftOf(
  state: WitnessState,
  step: WitnessRecord['step'],
  person: string,
  body: z.infer<typeof written> & { readonly photos: readonly string[] },
  kept: readonly Photo[],
): { record: string } | Refusal {
  if (stepStatus(state, step) === 'stopped') return witnessRefusal('step-stopped');
  const photos = body.photos.map((sha256) => kept.find((photo) => photo.sha256 === sha256 && photo.person === person));
  if (photos.some((photo) => photo === undefined)) return witnessRefusal('photo-unknown');
  const last = lastRecord(state, step);
  const record: WitnessRecord = {
    type: 'yangguang.org/witness-record/v1',
    subjectKind: state.subjectKind!,
    subject: state.id,
    project: state.project!,
    step,
    seq: (last?.seq ?? 0) + 1,
    prev: last?.sha256 ?? null,
    witness: person,
    ...body,
    photos: photos.map((photo) => ({ sha256: photo!.sha256, bytes: photo!.bytes, mediaType: photo!.mediaType })),
    stops: stopsOf(state, step).map((stop) => ({
      at: stop.at,
      reason: stop.reason,
      liftedAt: stop.lifted!.at,
      liftReason: stop.lifted!.reason,
    })),
    salt: toHex(randomOctets(32)),
  };
  return { record: canonicalJson(record) };
}
