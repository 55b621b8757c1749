/** Carries out the award of a lot: gathers facts from rooms to the left, makes documents, acts. */
import { toHex } from '../formats/bytes.ts';
import { handleOf, lotKey } from '../formats/sealed-act.ts';
import type { Acted, Tx } from '../journal/index.ts';
import type { Caller } from '../platform/http/route.ts';
import { newId, randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { dayOf } from './days.ts';
import type { AwardDeps, AwardPlace, Reader } from './deps.ts';
import { makeDocument } from './documents.ts';
import { awardProcedure } from './procedure.ts';
import { awardState, documentBySha256, documentsByNumber } from './reads.ts';
import { awardRefusal } from './refusals.ts';
import { issued } from './rules.ts';
import type { AwardCommand, AwardEvent, AwardFacts, AwardState, DocumentKind, WitnessWord } from './state.ts';
import { termsFor } from './terms.ts';

type Outcome = Promise<Refusal | Acted<AwardState, AwardEvent>>;
type Actor = { readonly person: string; readonly organisation: string | null };

export type AwardService = ReturnType<typeof awardService>;

export function awardService(deps: AwardDeps) {
  const { journal, projects, parties } = deps;

  /** Who objects is not for everybody to see, and the log is: the organisation acts under a name that only the platform can make. */
  const pseudonym = (lot: string, organisation: string): string =>
    handleOf(lotKey(parties.masterSecret().reveal(), `result-objection ${lot}`), organisation, lot);
  const act = (lot: string, command: AwardCommand, { principal, requestId, idempotencyKey }: Caller): Outcome => {
    const hidden = command.type === 'fileObjection' ? { person: pseudonym(lot, command.organisation) } : {};
    return submit(lot, command, { ...principal, ...hidden }, requestId, idempotencyKey);
  };

  const submit = async (
    lot: string,
    command: AwardCommand,
    actor: Actor,
    requestId: string,
    idempotencyKey?: string,
  ): Outcome => {
    if (!(await projects.lot(journal.db.read(), lot))) return awardRefusal('lot-unknown');
    return journal.act(awardProcedure, {
      subject: lot,
      command,
      actor: actor.person,
      requestId,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      facts: (tx) => factsOf(deps, tx, lot, actor),
    });
  };

  return {
    act,
    /** Makes and issues a document; one that is issued already is answered again. */
    issue: async (lot: string, kind: DocumentKind, call: Caller): Promise<Refusal | AwardState> => {
      const reader = journal.db.read();
      const [place, state] = [await projects.lot(reader, lot), await awardState(reader, lot)];
      if (!place) return awardRefusal('lot-unknown');
      if (!state?.award) return awardRefusal('not-awarded');
      const of = {
        type: 'issueDocument',
        document: kind,
        awardedAt: state.award.at,
        byCentre: call.principal.roles.includes('host'),
      } as const;
      // Asked first without the document, so that nothing is drawn and stored for who may not have it.
      const dry = await journal.act(awardProcedure, {
        subject: lot,
        command: { ...of, number: '', pdfSha256: '', factsSha256: '' },
        actor: call.principal.person,
        requestId: call.requestId,
        facts: (tx) => factsOf(deps, tx, lot, call.principal),
        dryRun: true,
      });
      if (isRefusal(dry)) return asIssued(dry, await awardState(reader, lot), kind);
      const made = await makeDocument(deps, place, state, kind, dry.at);
      if (isRefusal(made)) return made;
      const { number, sha256: pdfSha256, factsSha256 } = made;
      const named = { ...of, number, pdfSha256, factsSha256 };
      const done = await act(lot, named, { ...call, idempotencyKey: undefined });
      return isRefusal(done) ? asIssued(done, await awardState(reader, lot), kind) : done.state;
    },
    /** Called by the timer when a stored due instant has passed. */
    tick: async (lot: string, tick: string): Promise<void> => {
      await submit(lot, { type: 'tick', tick }, { person: 'system', organisation: null }, `due ${tick}`);
    },
    state: awardState,
    documentBySha256,
    documentsByNumber,
    /** What rooms to the right build on: the award as it stands; null before the publicity. */
    awarded: async (reader: Reader, lot: string) => {
      const state = await awardState(reader, lot);
      return state?.award ? { ...state.award, status: state.status, documents: state.documents } : null;
    },
  };
}

async function factsOf(deps: AwardDeps, tx: Tx, lot: string, actor: Actor): Promise<Omit<AwardFacts, 'now'>> {
  const { projects, evaluations, openings } = deps;
  const place = (await projects.lot(tx.em, lot))!;
  const state = await awardState(tx.em, lot);
  const [result, opened] = [await evaluations.result(tx.em, lot), await openings.opened(tx.em, lot)];
  const { project } = place;
  const parties = [project.tenderer, project.agency];
  return {
    terms: termsFor(projects, project.type, dayOf(tx.now)),
    project: project.id,
    terminated: project.status === 'terminated',
    ofTenderer: actor.organisation !== null && parties.includes(actor.organisation),
    result: result && {
      reportSha256: result.reportSha256,
      rankingSha256: result.rankingSha256,
      signedAt: result.signedAt,
      candidates: result.candidates.flatMap((manifest) => {
        const found = result.ranking.find((row) => row.manifestSha256 === manifest);
        if (!found) return [];
        const { rank, organisation, manifestSha256, priceFen, total } = found;
        return [{ rank, organisation, manifestSha256, priceFen, total }];
      }),
    },
    bidders: (opened?.tenders ?? []).flatMap(({ organisation }) => (organisation ? [organisation] : [])),
    evaluationEnd: await wordOf(deps, tx, place, 'evaluation-end', undefined),
    awardStep: await wordOf(deps, tx, place, 'award', state ? awardStepSince(state) : undefined),
    fresh: { id: newId(), salt: toHex(randomOctets(32)) },
  };
}

/** Who may issue a document and finds it issued, by an earlier request or at the same moment, is answered with it. */
function asIssued(refused: Refusal, state: AwardState | null, kind: DocumentKind): Refusal | AwardState {
  return refused.code === 'document-issued' && state && issued(state, kind) ? state : refused;
}

/** The witness stands by this award: a record from before the publicity, or about a candidate passed over since, is of another. */
function awardStepSince({ publicity, passedOver }: AwardState): string | undefined {
  return passedOver.at(-1)?.at ?? publicity?.publishedAt;
}

/** The witness may stand by the lot or by the whole project; a stop on either holds. */
async function wordOf(
  { witness }: AwardDeps,
  tx: Tx,
  { project, lot }: AwardPlace,
  step: 'evaluation-end' | 'award',
  since: string | undefined,
): Promise<WitnessWord> {
  if (!project.witnessSteps.includes(step)) return 'not-asked';
  const words = [
    await witness.stepSigned(tx.em, lot.id, step, since),
    await witness.stepSigned(tx.em, project.id, step, since),
  ];
  if (words.includes('stopped')) return 'stopped';
  return words.includes('signed') ? 'signed' : 'open';
}
