/** Announcement (唱标): offers are read out, the lot's key is published, and every sealed leaf of the lot is opened. */
import { toHex } from '../formats/bytes.ts';
import type { Offer } from '../formats/offer.ts';
import type { Acted, Reader } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Caller } from '../platform/http/route.ts';
import { newId } from '../platform/ids.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { storeCommitments } from './close.ts';
import { callOf, type OpeningContext } from './context.ts';
import { openingRefusal } from './refusals.ts';
import type { LotState, OpenedFile, OpeningEvent, OpeningState } from './state.ts';

type Result = Promise<Refusal | Acted<OpeningState, OpeningEvent>>;

/** The host announces the offers of a lot whose tenders all have a result. */
export async function announce(context: OpeningContext, opening: string, lotId: string, call: Caller): Result {
  const { lot } = await context.lotOf(opening, lotId);
  if (lot.status !== 'opened' || !lot.close)
    return openingRefusal(lot.status === 'announced' ? 'already-announced' : 'not-all-opened');
  const commitmentsSha256 = await storeCommitments(context, lot);
  const lotKey = toHex(context.tenders.keyOf(lotId));
  const since = lot.releasedAt ?? lot.keysUntil ?? lot.close.at;
  return context.act(opening, { type: 'announce', lot: lotId, lotKey, commitmentsSha256 }, callOf(call), [
    { step: 'release', since },
    { step: 'opening', since },
  ]);
}

/** A bidder confirms its line of the price list or objects to something of the opening; both on the spot (TR 44). */
export async function answerOffer(
  context: OpeningContext,
  opening: string,
  lotId: string,
  objection: string | null,
  call: Caller,
): Result {
  const { lot } = await context.lotOf(opening, lotId);
  if (lot.status !== 'announced') return openingRefusal('not-announced');
  const own = lot.results.find((r) => r.bidder !== null && r.bidder === call.principal.organisation);
  if (!own) return openingRefusal('tender-not-yours');
  const { manifestSha256 } = own;
  return context.act(
    opening,
    objection === null
      ? { type: 'confirm', lot: lotId, manifestSha256 }
      : { type: 'object', lot: lotId, manifestSha256, id: newId(), text: objection },
    callOf(call),
  );
}

/** An opened lot as rooms to the right see it. */
export type OpenedLot = {
  readonly opening: string;
  readonly announcedAt: string;
  /** When the signed opening record was issued; null before. */
  readonly recordedAt: string | null;
  readonly closeSetSha256: string;
  readonly tenders: readonly {
    readonly manifestSha256: string;
    readonly organisation: string;
    readonly certSha256: string;
    readonly result: 'opened' | 'invalid';
    readonly code: string | null;
    readonly offer: Offer | null;
    readonly files: readonly OpenedFile[];
  }[];
};

/** The lot's tenders after the announcement; null before it. Tenders whose bidder could not be read are left out. */
export async function openedLot(reader: Reader, lotId: string): Promise<OpenedLot | null> {
  const [row] = (await reader.execute(
    `select state from opening where state @> jsonb_build_object('lots', jsonb_build_array(jsonb_build_object('lot', ?::text)))`,
    [lotId],
  )) as Row[];
  const state = row?.state as OpeningState | undefined;
  const lot = state?.lots.find((l) => l.lot === lotId);
  if (!state || !lot?.announcedAt || !lot.close) return null;
  return {
    opening: state.id,
    announcedAt: lot.announcedAt,
    recordedAt: state.record?.signatures.at(-1)?.at ?? null,
    closeSetSha256: lot.close.setSha256,
    tenders: lot.results.flatMap((r) => {
      const { manifestSha256, bidder, certSha256, result, code, offer, files } = r;
      return bidder === null || certSha256 === null
        ? []
        : [{ manifestSha256, organisation: bidder, certSha256, result, code, offer, files }];
    }),
  };
}

/** The price list of an announced lot, for hall and public. */
export function priceList(lot: LotState) {
  if (lot.status !== 'announced') return refuse(openingRefusal('not-announced'));
  return lot.results.map(({ manifestSha256, result, code, bidder, offerSha256, offer }) => ({
    manifestSha256,
    result,
    code,
    organisation: bidder,
    offerSha256,
    offer,
    confirmed: lot.confirmed.includes(manifestSha256),
  }));
}
