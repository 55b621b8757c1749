/** What the decisions of an opening have in common. */
import type { Refusal } from '../platform/refusal.ts';
import { openingRefusal } from './refusals.ts';
import type { OpeningCommand, OpeningEvent, OpeningFacts } from './state.ts';

export type Decision = Refusal | readonly OpeningEvent[];
export type Command<T extends OpeningCommand['type']> = Extract<OpeningCommand, { type: T }>;

/** The witness's word on the step before, where the rule table asks for it. */
export function blockedByWitness(facts: OpeningFacts): Refusal | null {
  if (facts.witness === 'stopped') return openingRefusal('witness-stopped');
  return facts.witness === 'open' ? openingRefusal('witness-missing') : null;
}

export function plusSeconds(instant: string, seconds: number): string {
  return Temporal.Instant.from(instant).add({ seconds }).toString({ smallestUnit: 'microsecond' });
}
