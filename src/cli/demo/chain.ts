/** The whole chain of one tender, as its people would do it over HTTP. The demo and the journey test play the same scenes. */
import { award } from './awarding.ts';
import { bid, bidderCount, bidLate } from './bidding.ts';
import { openHall, roster } from './hall.ts';
import { judge } from './judging.ts';
import { type Cast, castOf, type Published, prepare } from './prepare.ts';
import type { World } from './stage.ts';

export type Played = {
  readonly cast: Cast;
  readonly published: Published;
  readonly receipts: readonly string[];
  /** Hashes of the documents, by kind. */
  readonly documents: Readonly<Record<string, string>>;
};

/** Plays everything from registration to the result certificate. */
export async function playChain(world: World): Promise<Played> {
  const cast = await castOf(world, bidderCount, 5);
  const published = await prepare(world, cast);
  await roster(cast, published);
  const { receipts } = await bid(world, cast, published);
  await bidLate(world, cast, published);
  await openHall(world, cast, published);
  await judge(world, cast, published);
  const documents = await award(world, cast, published);
  return { cast, published, receipts, documents };
}
