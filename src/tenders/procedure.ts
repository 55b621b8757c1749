/** The chain of sealed acts as the journal knows it: its rules, its row, and what strangers see of each event. */
import type { Procedure } from '../journal/index.ts';
import {
  actOf,
  type ChainCommand,
  type ChainEvent,
  type ChainFacts,
  type ChainState,
  decideChain,
  evolveChain,
  initialChain,
} from './rules.ts';

export const chainProcedure: Procedure<ChainState, ChainCommand, ChainEvent, ChainFacts> = {
  kind: 'tender_chain',
  initial: initialChain,
  decide: decideChain,
  evolve: evolveChain,
  columns: (state) => ({ lot: state.lot, handle: state.handle }),
  publish: (event) => {
    const act = actOf(event);
    // Past the barrier the time is over for everybody and nothing is left to hide but who it was.
    return act
      ? { sealed: act }
      : {
          open: 'tender-late',
          body: { lot: event.lot, manifestSha256: event.type === 'TenderLate' ? event.manifestSha256 : null },
        };
  },
  project: async (tx, _state, events) => {
    for (const event of events)
      if (event.type === 'QuestionAsked')
        await tx.em.execute(
          'insert into tender_question (sha256, lot, text, at) values (?, ?, ?, ?) on conflict do nothing',
          [event.sha256, event.lot, event.text, event.at],
        );
  },
};
