/** The hall's public channel: the present state of an opening, then each change. Sequences are the opening's versions. */
import { type LogEntry, type Reader, utcText } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { type Channel, type ChannelEvent, channel } from '../platform/http/sockets.ts';
import { priceList } from './announce.ts';
import type { OpeningContext } from './context.ts';
import type { LotState, OpeningEvent, OpeningState } from './state.ts';
import { view } from './view.ts';

/** A client that missed more gets the whole state instead. */
const maxGap = 500;

type Entry = Pick<LogEntry, 'version' | 'at'> & { readonly opening: string; readonly event: OpeningEvent };
type Send = (event: ChannelEvent) => void;

/** The channel at /ws/hall/:opening, for anyone. An event is made from its entry alone, so every watcher gets the same. */
export function hallChannel(context: OpeningContext): Channel {
  const { journal } = context;
  const halls = new Map<string, Set<Send>>();
  /** One reader for all halls of this node, while anybody watches. */
  let following: { stop(): Promise<void> } | null = null;
  const follow = () =>
    journal.follow(journal.size(), async (entries) => {
      for (const { subjectKind, subject, version, at, event } of entries) {
        const watchers = subjectKind === 'opening' ? halls.get(subject) : undefined;
        if (!watchers) continue;
        const change = await changeOf(context, { opening: subject, version, at, event: event as OpeningEvent });
        for (const send of watchers) send(change);
      }
    });
  const leave = (opening: string, send: Send) => {
    const watchers = halls.get(opening);
    watchers?.delete(send);
    if (watchers?.size === 0) halls.delete(opening);
    if (halls.size > 0) return;
    void following?.stop();
    following = null;
  };
  return channel({
    name: 'hall',
    path: '/ws/hall/:opening',
    who: 'anyone',
    may: async ({ opening = '' }) => (await context.stateOf(opening)) !== null,
    newest: async ({ opening = '' }) => newestOf(context, opening),
    since: async ({ opening = '' }, seq) => {
      const entries = await entriesAfter(context, opening, seq);
      return entries.length > maxGap ? null : Promise.all(entries.map((entry) => changeOf(context, entry)));
    },
    snapshot: ({ opening = '' }) => snapshotOf(context, opening),
    subscribe: ({ opening = '' }, send) => {
      following ??= follow();
      halls.set(opening, (halls.get(opening) ?? new Set()).add(send));
      return () => leave(opening, send);
    },
  });
}

/** The row and its version are of one moment, so later events continue exactly from here. */
async function snapshotOf({ journal, parties }: OpeningContext, opening: string): Promise<ChannelEvent> {
  const [row] = await journal.db.query<Row>('select version, state from opening where id = ?', [opening]);
  const state = row?.state as OpeningState;
  const offers: Record<string, unknown> = {};
  for (const lot of state.lots)
    if (lot.status === 'announced') offers[lot.lot] = await namedOffers(parties, journal.db.read(), lot);
  return { seq: Number(row?.version), data: { opening: view(state), offers } };
}

async function newestOf({ journal }: OpeningContext, opening: string): Promise<number> {
  const [row] = await journal.db.query<Row>(
    `select coalesce(max(e.version), 0) as newest from journal_entry e join journal_leaf l on l.entry_id = e.id
     where e.subject_kind = 'opening' and e.subject = ? and l.log_index < ?`,
    [opening, journal.size().toString()],
  );
  return Number(row?.newest);
}

async function entriesAfter({ journal }: OpeningContext, opening: string, seq: number): Promise<Entry[]> {
  const rows = await journal.db.query<Row>(
    `select e.version, ${utcText('e.at')} as at, e.event from journal_entry e join journal_leaf l on l.entry_id = e.id
     where e.subject_kind = 'opening' and e.subject = ? and e.version > ? and l.log_index < ?
     order by e.version limit ${maxGap + 1}`,
    [opening, seq, journal.size().toString()],
  );
  return rows.map((row) => ({
    opening,
    version: Number(row.version),
    at: String(row.at),
    event: row.event as OpeningEvent,
  }));
}

async function changeOf(context: OpeningContext, { opening, version, at, event }: Entry): Promise<ChannelEvent> {
  const shown = await shownOf(context, opening, event);
  return { seq: version, data: { change: event.type, at, ...shown } };
}

/** What of an event the hall may see. Nothing but the announcement carries a name or a price. */
async function shownOf(context: OpeningContext, opening: string, event: OpeningEvent): Promise<object> {
  switch (event.type) {
    case 'OpeningScheduled': {
      const { deadline, mode, k, n, lots } = event;
      return { deadline, mode, k, n, lots };
    }
    case 'BarrierRaised':
      return { deadline: event.deadline };
    case 'OpeningTerminated':
      return { lots: event.lots };
    case 'LotClosed': {
      const { lot, setSha256, policy, standing, keysUntil } = event;
      return { lot, setSha256, policy, standing: standing.length, keysUntil };
    }
    case 'LotFailed':
      return { lot: event.lot, standing: event.standing };
    case 'CommitmentsOpened':
      return { lot: event.lot, setSha256: event.setSha256 };
    case 'KeyReleased':
      return { lot: event.lot, x: event.release.x };
    case 'LotReleased':
      return { lot: event.lot };
    case 'KeyGiven':
      return { lot: event.lot, manifestSha256: event.manifestSha256 };
    case 'KeysEnded':
      return { lot: event.lot, absent: event.absent };
    case 'TenderOpened': {
      const { manifestSha256, result, code } = event.result;
      return { lot: event.lot, manifestSha256, result, code };
    }
    case 'OpeningStalled': {
      const { lot, manifestSha256, code, owner } = event;
      return { lot, manifestSha256, code, owner };
    }
    case 'OpeningRetried':
      return { lot: event.lot, manifestSha256: event.manifestSha256 };
    case 'TenderSetAside': {
      const { lot, manifestSha256, code, owner, reason } = event;
      return { lot, manifestSha256, code, owner, reason };
    }
    case 'OffersAnnounced':
      return announcement(context, opening, event);
    default:
      return afterwards(event);
  }
}

type Before =
  | 'OpeningScheduled'
  | 'BarrierRaised'
  | 'OpeningTerminated'
  | 'LotClosed'
  | 'LotFailed'
  | 'CommitmentsOpened';
type Opening =
  | 'KeyReleased'
  | 'LotReleased'
  | 'KeyGiven'
  | 'KeysEnded'
  | 'TenderOpened'
  | 'OpeningStalled'
  | 'OpeningRetried'
  | 'TenderSetAside';

/** What follows the announcement. */
function afterwards(event: Exclude<OpeningEvent, { type: Before | Opening | 'OffersAnnounced' }>): object {
  switch (event.type) {
    case 'OfferConfirmed':
      return { lot: event.lot, manifestSha256: event.manifestSha256 };
    case 'ObjectionRaised': {
      const { lot, id, manifestSha256, text } = event;
      return { lot, id, manifestSha256, text };
    }
    case 'ObjectionAnswered':
      return { lot: event.lot, id: event.id, text: event.text };
    case 'RecordDrawnUp':
      return { factsSha256: event.factsSha256 };
    case 'RecordSigned':
      return { role: event.role };
    case 'RecordIssued':
      return { number: event.number, pdfSha256: event.pdfSha256 };
    case 'IdentityDisclosed':
      return { x: event.x, policy: event.policy };
  }
}

/** The offers as they were read out; results do not change once a lot is announced. */
async function announcement(
  context: OpeningContext,
  opening: string,
  { lot, confirmUntil }: Extract<OpeningEvent, { type: 'OffersAnnounced' }>,
): Promise<object> {
  const found = await context.lotOf(opening, lot);
  return { lot, confirmUntil, offers: await namedOffers(context.parties, context.journal.db.read(), found.lot) };
}

async function namedOffers(parties: OpeningContext['parties'], reader: Reader, lot: LotState): Promise<object[]> {
  const list = priceList(lot);
  const known = await parties.organisationsByIds(
    reader,
    list.flatMap((o) => o.organisation ?? []),
  );
  return list.map(({ confirmed: _confirmed, ...offer }) => ({
    ...offer,
    name: known.find((o) => o.id === offer.organisation)?.name ?? null,
  }));
}
