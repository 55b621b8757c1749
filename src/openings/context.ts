/** What every part of the openings room works with. */

import { fromHex } from '../formats/bytes.ts';
import type { WitnessStep } from '../formats/witness-record.ts';
import type { Journal, Procedure, Tx } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { Row } from '../platform/database.ts';
import type { Caller } from '../platform/http/route.ts';
import { refuse } from '../platform/refusal.ts';
import type { RoomDeps } from '../platform/room.ts';
import type { Policies } from '../policies/index.ts';
import { isPaused, type Projects } from '../projects/index.ts';
import { barrierSeconds, type Tenders } from '../tenders/index.ts';
import type { StepStatus, Witness } from '../witness/index.ts';
import { evolveOpening, initialOpening } from './evolve.ts';
import { publishOpening } from './publish.ts';
import { openingRefusal } from './refusals.ts';
import { decideOpening, dueOfOpening } from './rules.ts';
import type { LotState, OpeningCommand, OpeningEvent, OpeningFacts, OpeningState, WitnessWord } from './state.ts';

export type OpeningDeps = RoomDeps<Journal> & {
  readonly parties: Parties;
  readonly policies: Policies;
  readonly projects: Projects;
  readonly tenders: Tenders;
  readonly witness: Witness;
  /** The public address, for the check page that certificates name. */
  readonly origin: () => string;
};

export const openingProcedure: Procedure<OpeningState, OpeningCommand, OpeningEvent, Omit<OpeningFacts, 'now'>> = {
  kind: 'opening',
  initial: initialOpening,
  decide: decideOpening,
  evolve: evolveOpening,
  columns: (state) => ({ project: state.project, deadline: state.deadline }),
  publish: (event, { subject }) => publishOpening(event, subject),
  due: (state) => dueOfOpening(state, barrierSeconds),
};

/** Minutes of the bidders' keys and of confirming or objecting; the rule tables may say otherwise. */
const keyMinutes = 10;
const confirmMinutes = 10;

/** A step that the witness must have signed at or after an instant: a record from before it happened does not count. */
export type WitnessedStep = { readonly step: WitnessStep; readonly since: string };

export type OpeningContext = ReturnType<typeof openingContext>;

export function openingContext(deps: OpeningDeps) {
  const { journal, projects, witness } = deps;
  const stateOf = async (opening: string): Promise<OpeningState | null> => {
    const [row] = await journal.db.query<{ state: OpeningState }>('select state from opening where id = ?', [opening]);
    return row?.state ?? null;
  };

  /** The witness's word on the steps that must be signed before a command; the rule table says which steps are asked for. */
  const wordOf = async (
    tx: Tx,
    opening: string,
    asked: readonly string[],
    steps: readonly WitnessedStep[],
  ): Promise<WitnessWord> => {
    const words: StepStatus[] = [];
    for (const { step, since } of steps)
      if (asked.includes(step)) words.push(await witness.stepSigned(tx.em, opening, step, since));
    if (words.includes('stopped')) return 'stopped';
    if (words.includes('open')) return 'open';
    return words.length === 0 ? 'not-asked' : 'signed';
  };

  const act = (
    opening: string,
    command: OpeningCommand,
    call: { readonly actor: string; readonly requestId: string; readonly idempotencyKey?: string | undefined },
    before: readonly WitnessedStep[] = [],
    more: Partial<OpeningFacts> = {},
  ) =>
    journal.act(openingProcedure, {
      subject: opening,
      command,
      actor: call.actor,
      requestId: call.requestId,
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
      facts: async (tx) => {
        const found = await projects.lockOpening(tx, opening);
        return {
          deadline: found?.schedule.deadline ?? '',
          ended: found?.status === 'terminated',
          paused: found !== null && isPaused(found),
          barrierSeconds,
          closeCosigned: false,
          keyMinutes,
          confirmMinutes,
          witness: await wordOf(tx, opening, found?.witnessSteps ?? [], before),
          ...more,
        };
      },
    });

  /** The entry of an event of the opening: its id, for its place in the log. */
  const entryOf = async (opening: string, type: OpeningEvent['type'], lot?: string): Promise<string> => {
    const [row] = await journal.db.query<Row>(
      `select id::text as id from journal_entry where subject_kind = 'opening' and subject = ? and event ->> 'type' = ?
       and (?::text is null or event ->> 'lot' = ?) order by version desc limit 1`,
      [opening, type, lot ?? null, lot ?? null],
    );
    return row ? String(row.id) : refuse(openingRefusal('opening-unknown'));
  };

  /** The published bytes of an entry. */
  const leafOf = async (entry: string): Promise<Uint8Array> => {
    const [row] = await journal.db.query<{ leaf: string }>(
      `select encode(leaf, 'hex') as leaf from journal_entry where id = ?`,
      [entry],
    );
    return fromHex(row?.leaf ?? '');
  };

  return {
    ...deps,
    leafOf,
    stateOf,
    act,
    entryOf,
    system: { actor: 'system', requestId: 'timer' } as const,
    lotOf: async (opening: string, lot: string): Promise<{ state: OpeningState; lot: LotState }> => {
      const state = (await stateOf(opening)) ?? refuse(openingRefusal('opening-unknown'));
      const found = state.lots.find((l) => l.lot === lot) ?? refuse(openingRefusal('lot-not-in-opening'));
      return { state, lot: found };
    },
  };
}

export const callOf = (call: Caller) => ({
  actor: call.principal.person,
  requestId: call.requestId,
  idempotencyKey: call.idempotencyKey,
});
