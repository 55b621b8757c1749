/** What strangers see of an opening's events: the bodies of open leaves, as the offline verifier reads them (formats/entries). */
import type { Publication } from '../journal/index.ts';
import type { OpeningEvent } from './state.ts';

/** Events of the whole opening; those of a lot stand below, in the order of its course. */
export function publishOpening(event: OpeningEvent, opening: string): Publication {
  switch (event.type) {
    case 'OpeningScheduled':
      return {
        open: 'opening-scheduled',
        body: { opening, project: event.project, lots: event.lots, deadline: event.deadline },
      };
    case 'BarrierRaised':
      return { open: 'barrier', body: { deadline: event.deadline, lots: event.lots } };
    case 'OpeningTerminated':
      return { open: 'opening-terminated', body: { opening, lots: event.lots } };
    case 'RecordDrawnUp':
      return { open: 'opening-record-drawn-up', body: { opening, factsSha256: event.factsSha256 } };
    case 'RecordSigned': {
      const { role, factsSha256, signatureSha256 } = event;
      return { open: 'opening-record-signed', body: { opening, role, factsSha256, signatureSha256 } };
    }
    case 'RecordIssued': {
      const { number, pdfSha256, factsSha256 } = event;
      return { open: 'certificate-issued-document', body: { kind: 'opening-record', number, pdfSha256, factsSha256 } };
    }
    case 'IdentityDisclosed':
      return {
        open: 'identity-disclosed',
        body: { opening, x: event.x, policy: event.policy, identitySha256: event.identitySha256 },
      };
    default:
      return publishLot(event, opening);
  }
}

type LotEvent = Extract<OpeningEvent, { lot: string }>;

function publishLot(event: LotEvent, opening: string): Publication {
  switch (event.type) {
    case 'LotClosed': {
      const { lot, setSha256, policy, barrier, acts, standing } = event;
      return { open: 'close', body: { lot, setSha256, policy, barrier, acts, standing: standing.length } };
    }
    case 'LotFailed':
      return { open: 'failed', body: { lot: event.lot, standing: event.standing } };
    case 'CommitmentsOpened':
      return { open: 'commitments-opened', body: { lot: event.lot, setSha256: event.setSha256 } };
    case 'KeyReleased':
      return {
        open: 'key-released',
        body: { opening, lot: event.lot, x: event.release.x, releaseSha256: event.release.releaseSha256 },
      };
    case 'LotReleased':
      return { open: 'released', body: { opening, lot: event.lot } };
    case 'KeyGiven':
      return {
        open: 'key-given',
        body: { lot: event.lot, manifestSha256: event.manifestSha256, keySha256: event.keySha256 },
      };
    case 'KeysEnded':
      return { open: 'keys-ended', body: { lot: event.lot, absent: event.absent } };
    case 'TenderOpened': {
      const { manifestSha256, result, code, offerSha256, bidder, certSha256 } = event.result;
      return {
        open: 'opened',
        body: { lot: event.lot, manifestSha256, result, code, offerSha256, bidder, certSha256 },
      };
    }
    case 'OpeningStalled': {
      const { lot, manifestSha256, code, owner } = event;
      return { open: 'opening-stalled', body: { lot, manifestSha256, code, owner } };
    }
    case 'OpeningRetried':
      return { open: 'opening-retried', body: { lot: event.lot, manifestSha256: event.manifestSha256 } };
    case 'TenderSetAside': {
      const { lot, manifestSha256, code, owner, reason } = event;
      return { open: 'tender-set-aside', body: { lot, manifestSha256, code, owner, reason } };
    }
    default:
      return publishHall(event);
  }
}

type HallEvent = Extract<
  LotEvent,
  { type: 'OffersAnnounced' | 'OfferConfirmed' | 'ObjectionRaised' | 'ObjectionAnswered' }
>;

function publishHall(event: HallEvent): Publication {
  switch (event.type) {
    case 'OffersAnnounced':
      return {
        open: 'announced',
        body: {
          lot: event.lot,
          lotKey: event.lotKey,
          commitmentsSha256: event.commitmentsSha256,
          offers: event.offers,
        },
      };
    case 'OfferConfirmed':
      return { open: 'offer-confirmed', body: { lot: event.lot, manifestSha256: event.manifestSha256 } };
    case 'ObjectionRaised':
      return {
        open: 'opening-objection',
        body: { lot: event.lot, id: event.id, manifestSha256: event.manifestSha256, text: event.text },
      };
    case 'ObjectionAnswered':
      return { open: 'opening-objection-answered', body: { lot: event.lot, id: event.id, text: event.text } };
  }
}
