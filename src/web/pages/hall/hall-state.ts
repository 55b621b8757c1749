/** What the hall shows of an opening: the channel's snapshot, then each change of it. Pure, so that every screen shows the same. */
import type { Answer } from '../../api/client.ts';
import { epochOf } from '../../i18n/format.ts';

export type OpeningView = Answer<'GET /api/openings/:opening'>;
export type LotView = OpeningView['lots'][number];
/** A line of the price list as it was read out. */
export type Offer = {
  readonly manifestSha256: string;
  readonly result: 'opened' | 'invalid';
  readonly code: string | null;
  readonly name: string | null;
  readonly organisation: string | null;
  readonly offer: { readonly priceFen: string; readonly durationDays?: number } | null;
};
export type HallState = {
  readonly opening: OpeningView;
  /** By lot, once announced. */
  readonly offers: Readonly<Record<string, readonly Offer[]>>;
};
/** A change as src/openings/channel.ts sends it; what does not fit is left out, the next snapshot puts it right. */
export type Change = { readonly change: string; readonly at: string; readonly lot?: string } & Record<string, unknown>;

const waiting = (lot: string): LotView => ({
  lot,
  status: 'waiting',
  close: null,
  released: [],
  releasedAt: null,
  keysUntil: null,
  standing: null,
  opened: 0,
  stalled: [],
  announcedAt: null,
  confirmUntil: null,
  objections: [],
});

export function applyChange(state: HallState, change: Change): HallState {
  const { opening } = state;
  const now = (part: Partial<OpeningView>): HallState => ({ ...state, opening: { ...opening, ...part } });
  switch (change.change) {
    case 'OpeningScheduled': {
      const { deadline, mode, k, n, lots } = change as unknown as OpeningView & { lots: readonly string[] };
      return now({ deadline, mode, k, n, lots: lots.map(waiting) });
    }
    case 'BarrierRaised':
      return now({ barrierAt: change.at });
    case 'OpeningTerminated': {
      const ended = change['lots'] as readonly string[];
      return now({
        lots: opening.lots.map((lot) => (ended.includes(lot.lot) ? { ...lot, status: 'terminated' as const } : lot)),
      });
    }
    case 'RecordDrawnUp':
      return now({ record: { factsSha256: String(change['factsSha256']), signedBy: [], pdf: null } });
    case 'RecordSigned':
      return opening.record
        ? now({ record: { ...opening.record, signedBy: [...opening.record.signedBy, String(change['role'])] } })
        : state;
    case 'RecordIssued': {
      const pdf = { sha256: String(change['pdfSha256']), number: String(change['number']) };
      return opening.record ? now({ record: { ...opening.record, pdf } }) : state;
    }
    default: {
      const lots = opening.lots.map((lot) => (lot.lot === change.lot ? applyToLot(lot, change) : lot));
      const offers =
        change.change === 'OffersAnnounced'
          ? { ...state.offers, [change.lot ?? '']: change['offers'] as readonly Offer[] }
          : state.offers;
      return { opening: { ...opening, lots }, offers };
    }
  }
}

function applyToLot(lot: LotView, change: Change): LotView {
  const { at } = change;
  const text = (name: string) => String(change[name]);
  const without = lot.stalled.filter((s) => s.manifestSha256 !== change['manifestSha256']);
  switch (change.change) {
    case 'LotClosed':
      return {
        ...lot,
        status: 'closed',
        close: { setSha256: text('setSha256'), policy: text('policy'), at },
        standing: change['standing'] as number,
        keysUntil: change['keysUntil'] as string | null,
      };
    case 'LotFailed':
      return { ...lot, status: 'failed' };
    case 'KeyReleased':
      return { ...lot, released: [...lot.released, { x: change['x'] as number, at }] };
    case 'LotReleased':
      return { ...lot, status: 'released', releasedAt: at };
    case 'TenderOpened': {
      const opened = lot.opened + 1;
      return { ...lot, opened, status: opened === lot.standing ? 'opened' : lot.status };
    }
    case 'OpeningStalled':
      return {
        ...lot,
        stalled: [...without, { manifestSha256: text('manifestSha256'), code: text('code'), owner: text('owner') }],
      };
    case 'OpeningRetried':
      return { ...lot, stalled: without };
    case 'OffersAnnounced':
      return { ...lot, status: 'announced', announcedAt: at, confirmUntil: text('confirmUntil') };
    case 'ObjectionRaised':
      return { ...lot, objections: [...lot.objections, { id: text('id'), at, text: text('text'), answer: null }] };
    case 'ObjectionAnswered':
      return {
        ...lot,
        objections: lot.objections.map((o) =>
          o.id === change['id'] ? { ...o, answer: { text: text('text'), at } } : o,
        ),
      };
    default:
      return lot;
  }
}

export const stages = ['close', 'attend', 'release', 'open', 'announce', 'confirm', 'sign'] as const;
export type Stage = (typeof stages)[number];

/** The stage a lot is at; `now` decides nothing but whether the time to confirm still runs. Null before the deadline's lock. */
export function stageOf({ record }: OpeningView, lot: LotView, now: number): Stage | null {
  if (lot.status === 'waiting') return null;
  if (lot.status === 'failed' || lot.status === 'terminated') return 'sign';
  if (lot.status === 'closed') return lot.released.length === 0 ? 'attend' : 'release';
  if (lot.status === 'released') return 'open';
  if (lot.status === 'opened') return 'announce';
  const open = lot.objections.some((o) => !o.answer);
  return record === null && (open || (lot.confirmUntil !== null && now < epochOf(lot.confirmUntil)))
    ? 'confirm'
    : 'sign';
}

/** Mean of the opened offers in fen, rounded half up; null where none is. */
export function meanFen(offers: readonly Offer[]): bigint | null {
  const prices = offers.flatMap(({ offer }) => (offer ? [BigInt(offer.priceFen)] : []));
  if (prices.length === 0) return null;
  const count = BigInt(prices.length);
  return (prices.reduce((sum, p) => sum + p, 0n) * 2n + count) / (2n * count);
}

/** Places on the axis in thousandths of its length; the ends leave a tenth of the span on both sides. */
export function axisOf(amounts: readonly bigint[]): { from: bigint; to: bigint; at(fen: bigint): number } {
  const sorted = amounts.toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const room = (high - low) / 10n || high / 10n || 1n;
  const [from, to] = [low - room < 0n ? 0n : low - room, high + room];
  return { from, to, at: (fen) => Number(((fen - from) * 1000n) / (to - from)) };
}
