/** Facts that the evaluation reads from rooms to its left, inside the transaction that uses them. */
import { toHex } from '../formats/bytes.ts';
import type { Tx } from '../journal/act.ts';
import { randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { EvaluationDeps, EvaluationPlace, EvaluationProjects, Reader } from './deps.ts';
import { committeeFor, silentHours } from './law.ts';
import type { EvaluationReads } from './reads.ts';
import { answersHash, finishEvaluation } from './report.ts';
import type { Candidate, EvaluationFacts, EvaluationState } from './rules.ts';

type Facts<K extends keyof EvaluationFacts> = Pick<EvaluationFacts, K>;

export function evaluationFacts({ parties, projects, openings, witness }: EvaluationDeps, reads: EvaluationReads) {
  const candidatesOf = async (reader: Reader, people: readonly string[]): Promise<Record<string, Candidate>> => {
    const found: Record<string, Candidate> = {};
    for (const person of people) {
      const known = await parties.person(reader, person);
      const home = known?.organisation ? await parties.organisation(reader, known.organisation) : null;
      found[person] = known && { roles: known.roles, organisation: known.organisation, kinds: home?.kinds ?? [] };
    }
    return found;
  };

  const openedOf = async (reader: Reader, lot: string) => {
    const opened = await openings.opened(reader, lot);
    if (!opened) return { opened: null, announcedAt: undefined };
    const offers = opened.tenders.flatMap(({ manifestSha256, organisation, result, offer }) =>
      result === 'opened' && offer && organisation ? [{ manifestSha256, organisation, priceFen: offer.priceFen }] : [],
    );
    const organisations = opened.tenders.flatMap(({ organisation }) => (organisation ? [organisation] : []));
    return { opened: { opening: opened.opening, offers, organisations }, announcedAt: opened.announcedAt };
  };

  const witnessesOf = async (reader: Reader, place: EvaluationPlace | null, opening: string | undefined) => {
    const subjects = [place?.lot.id, place?.project.id, opening].filter((id) => id !== undefined);
    const people: string[] = [];
    for (const subject of subjects) people.push(...(await witness.peopleOf(reader, subject)));
    return people;
  };

  /** The witness may stand by the lot or by the whole project; a stop on either holds. `signed` where none is asked for. */
  const stepOf = async (
    reader: Reader,
    place: EvaluationPlace | null,
    step: 'evaluation-entry' | 'evaluation-end',
    since: string | undefined,
  ): Promise<EvaluationFacts['step']> => {
    if (!place) return 'open';
    if (!place.project.witnessSteps.includes(step)) return 'signed';
    const words = [
      await witness.stepSigned(reader, place.lot.id, step, since),
      await witness.stepSigned(reader, place.project.id, step, since),
    ];
    if (words.includes('stopped')) return 'stopped';
    return words.includes('signed') ? 'signed' : 'open';
  };

  const ofEnd = async ({ em: reader, now }: Tx, state: EvaluationState): Promise<Facts<'place' | 'step'>> => {
    const place = await projects.lot(reader, state.id);
    const step = await stepOf(reader, place, 'evaluation-end', state.report?.draftedAt);
    return { place: placeFacts(projects, place, now), step };
  };

  return {
    ofEnd,
    place: projects.lot,
    /** About persons proposed for the committee. */
    ofPeople: async (
      { em: reader, now }: Tx,
      lot: string,
      people: readonly string[],
    ): Promise<Facts<'place' | 'candidates' | 'opened' | 'witnesses' | 'salts'>> => {
      const place = await projects.lot(reader, lot);
      const { opened } = await openedOf(reader, lot);
      return {
        place: placeFacts(projects, place, now),
        candidates: await candidatesOf(reader, people),
        opened,
        witnesses: await witnessesOf(reader, place, opened?.opening),
        salts: people.map(() => toHex(randomOctets(32))),
      };
    },
    ofBeginning: async (
      { em: reader, now }: Tx,
      lot: string,
    ): Promise<Facts<'place' | 'candidates' | 'opened' | 'step'>> => {
      const place = await projects.lot(reader, lot);
      const { opened, announcedAt } = await openedOf(reader, lot);
      const seats = (await reads.state(reader, lot))?.seats ?? [];
      return {
        place: placeFacts(projects, place, now),
        opened,
        candidates: await candidatesOf(
          reader,
          seats.map((s) => s.person),
        ),
        step: await stepOf(reader, place, 'evaluation-entry', announcedAt),
      };
    },
    /** What would refuse the end of the evaluation, looked at before the document is made; null when nothing would. */
    finishable: async (tx: Tx, state: EvaluationState): Promise<Refusal | null> => {
      const document = { sha256: '', covers: answersHash(state) };
      const command = { type: 'finishEvaluation', by: '', reportSha256: state.report?.sha256 ?? '' } as const;
      const decided = finishEvaluation(state, command, { ...(await ofEnd(tx, state)), now: tx.now, document });
      return isRefusal(decided) ? decided : null;
    },
  };
}

function placeFacts(
  projects: EvaluationProjects,
  place: EvaluationPlace | null,
  now: string,
): EvaluationFacts['place'] {
  if (!place) return null;
  const { project, lot } = place;
  return {
    project: project.id,
    ceilingFen: lot.ceilingFen,
    tenderers: [project.tenderer, project.agency].filter((id) => id !== null),
    scheme: project.evaluation ?? null,
    committee: committeeFor(projects, project.type, now),
    silentHours,
  };
}
