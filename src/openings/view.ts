/** An opening as everybody may see it: no name and no price before the announcement, counts only after the close. */
import { z } from 'zod';
import { identifier, sha256Text } from '../formats/primitives.ts';
import type { LotState, OpeningState } from './state.ts';

const lotView = z.object({
  lot: identifier,
  status: z.enum(['waiting', 'closed', 'failed', 'terminated', 'released', 'opened', 'announced']),
  /** `policy`: whose certificates may release, by position; GET /api/policies/:sha256. */
  close: z.object({ setSha256: sha256Text, policy: sha256Text, at: z.string() }).nullable(),
  /** Officers who have released, by position. */
  released: z.array(z.object({ x: z.number(), at: z.string() })),
  releasedAt: z.string().nullable(),
  keysUntil: z.string().nullable(),
  /** Counts only after the close; never before. */
  standing: z.number().nullable(),
  opened: z.number(),
  stalled: z.array(z.object({ manifestSha256: sha256Text, code: z.string(), owner: z.string() })),
  announcedAt: z.string().nullable(),
  confirmUntil: z.string().nullable(),
  objections: z.array(
    z.object({
      id: identifier,
      at: z.string(),
      text: z.string(),
      answer: z.object({ text: z.string(), at: z.string() }).nullable(),
    }),
  ),
});
export const openingView = z.object({
  opening: identifier,
  project: identifier,
  deadline: z.string(),
  mode: z.enum(['quorum', 'bidder', 'bidder-then-quorum']),
  k: z.number(),
  n: z.number(),
  barrierAt: z.string().nullable(),
  lots: z.array(lotView),
  record: z
    .object({
      factsSha256: sha256Text,
      signedBy: z.array(z.string()),
      pdf: z.object({ sha256: sha256Text, number: z.string() }).nullable(),
    })
    .nullable(),
});
export const priceView = z.array(
  z.object({
    manifestSha256: sha256Text,
    result: z.enum(['opened', 'invalid']),
    code: z.string().nullable(),
    organisation: z.string().nullable(),
    offerSha256: sha256Text,
    offer: z.record(z.string(), z.unknown()).nullable(),
    confirmed: z.boolean(),
  }),
);

export function view(state: OpeningState) {
  return {
    opening: state.id,
    project: state.project,
    deadline: state.deadline,
    mode: state.mode,
    k: state.k,
    n: state.n,
    barrierAt: state.barrier?.at ?? null,
    lots: state.lots.map(lotOf),
    record: state.record && {
      factsSha256: state.record.factsSha256,
      signedBy: state.record.signatures.map((s) => s.role),
      pdf: state.record.pdf,
    },
  };
}

function lotOf(lot: LotState) {
  return {
    lot: lot.lot,
    status: lot.status,
    close: lot.close && { setSha256: lot.close.setSha256, policy: lot.close.policy, at: lot.close.at },
    released: lot.releases.map(({ x, at }) => ({ x, at })),
    releasedAt: lot.releasedAt,
    keysUntil: lot.keysUntil,
    standing: lot.close?.standing.length ?? null,
    opened: lot.results.length,
    stalled: lot.stalled.map(({ manifestSha256, code, owner }) => ({ manifestSha256, code, owner })),
    announcedAt: lot.announcedAt,
    confirmUntil: lot.confirmUntil,
    objections: lot.objections.map(({ id, at, text, answer: given }) => ({ id, at, text, answer: given })),
  };
}
