/** How each event changes an opening. Pure and total: the stored row is this fold. */
import type { LotState, OpeningEvent, OpeningState } from './state.ts';

export const initialOpening = (id: string): OpeningState => ({
  id,
  project: '',
  deadline: '',
  mode: 'quorum',
  k: 0,
  n: 0,
  barrier: null,
  terminatedAt: null,
  lots: [],
  record: null,
  disclosed: [],
});

const initialLot = (lot: string): LotState => ({
  lot,
  status: 'waiting',
  close: null,
  releases: [],
  releasedAt: null,
  keys: [],
  keysUntil: null,
  keysEnded: false,
  results: [],
  stalled: [],
  announcedAt: null,
  commitmentsSha256: null,
  confirmUntil: null,
  confirmed: [],
  objections: [],
});

export function evolveOpening(state: OpeningState, event: OpeningEvent): OpeningState {
  switch (event.type) {
    case 'OpeningScheduled': {
      const { project, lots, deadline, mode, k, n } = event;
      return { ...state, project, deadline, mode, k, n, lots: lots.map(initialLot) };
    }
    case 'BarrierRaised':
      return { ...state, barrier: { at: event.at, deadline: event.deadline } };
    case 'OpeningTerminated':
      return {
        ...state,
        terminatedAt: event.at,
        lots: state.lots.map((lot) => (event.lots.includes(lot.lot) ? { ...lot, status: 'terminated' } : lot)),
      };
    case 'RecordDrawnUp':
      return {
        ...state,
        record: { factsSha256: event.factsSha256, objections: event.objections, signatures: [], pdf: null },
      };
    case 'RecordSigned': {
      const { role, person, signatureSha256, at } = event;
      return state.record
        ? {
            ...state,
            record: {
              ...state.record,
              signatures: [...state.record.signatures, { role, person, signatureSha256, at }],
            },
          }
        : state;
    }
    case 'RecordIssued':
      return state.record
        ? { ...state, record: { ...state.record, pdf: { sha256: event.pdfSha256, number: event.number } } }
        : state;
    case 'IdentityDisclosed':
      return {
        ...state,
        disclosed: [...state.disclosed, { x: event.x, policy: event.policy, identitySha256: event.identitySha256 }],
      };
    default:
      return { ...state, lots: state.lots.map((lot) => (lot.lot === event.lot ? evolveLot(lot, event) : lot)) };
  }
}

type LotEvent = Extract<OpeningEvent, { lot: string }>;

function evolveLot(lot: LotState, event: LotEvent): LotState {
  switch (event.type) {
    case 'LotClosed': {
      const { setSha256, policy, k, n, acts, standing, at } = event;
      return {
        ...lot,
        status: 'closed',
        close: { setSha256, policy, k, n, acts, standing, at },
        keysUntil: event.keysUntil,
      };
    }
    case 'LotFailed':
      return { ...lot, status: 'failed' };
    case 'CommitmentsOpened':
      return { ...lot, commitmentsSha256: event.setSha256 };
    case 'KeyReleased':
      return { ...lot, releases: [...lot.releases, event.release] };
    case 'LotReleased':
      return { ...lot, status: 'released', releasedAt: event.at };
    case 'KeyGiven':
      return { ...lot, keys: [...lot.keys, { manifestSha256: event.manifestSha256, keySha256: event.keySha256 }] };
    case 'KeysEnded':
      return { ...lot, keysEnded: true };
    case 'TenderOpened': {
      const results = [...lot.results, event.result];
      const all = results.length === lot.close?.standing.length;
      return { ...lot, results, status: all ? 'opened' : lot.status };
    }
    case 'OpeningStalled': {
      const { manifestSha256, code, owner, releases, at } = event;
      return {
        ...lot,
        stalled: [
          ...lot.stalled.filter((s) => s.manifestSha256 !== manifestSha256),
          { manifestSha256, code, owner, releases, at },
        ],
      };
    }
    case 'OpeningRetried':
      return { ...lot, stalled: lot.stalled.filter((s) => s.manifestSha256 !== event.manifestSha256) };
    case 'TenderSetAside':
      // The result that goes with it is an event of its own.
      return lot;
    case 'OffersAnnounced':
      return {
        ...lot,
        status: 'announced',
        announcedAt: event.at,
        commitmentsSha256: event.commitmentsSha256,
        confirmUntil: event.confirmUntil,
      };
    case 'OfferConfirmed':
      return { ...lot, confirmed: [...lot.confirmed, event.manifestSha256] };
    case 'ObjectionRaised': {
      const { id, manifestSha256, text, at } = event;
      return { ...lot, objections: [...lot.objections, { id, manifestSha256, text, at, answer: null }] };
    }
    case 'ObjectionAnswered':
      return {
        ...lot,
        objections: lot.objections.map((o) =>
          o.id === event.id ? { ...o, answer: { text: event.text, at: event.at } } : o,
        ),
      };
  }
}
