/**
 * Opening the tenders of a released lot. Decrypting is prepared outside any transaction; each result is then one short act, so
 * a killed server goes on where it was and opens nothing twice.
 */
import { signerTag } from '../formats/sealed-act.ts';
import type { Caller } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import { callOf, type OpeningContext } from './context.ts';
import { openingRefusal } from './refusals.ts';
import { itemsOf, type StandingParts, standingParts } from './release.ts';
import { openable, tendersForQuorum } from './rules.ts';
import type { LotState, OpeningState, TenderResult } from './state.ts';
import { unsealAll } from './unseal-pool.ts';
import type { UnsealJob, UnsealVerdict } from './unseal-worker.ts';

/** Opens whatever of the lot can be opened now. */
export async function openTenders(context: OpeningContext, opening: string, lotId: string): Promise<void> {
  const { state, lot } = await context.lotOf(opening, lotId);
  const ready = openable(state, lot);
  const parts = (await standingParts(context, lot)).filter((p) => ready.includes(p.manifestSha256));
  const jobs: { part: StandingParts; job: UnsealJob }[] = [];
  for (const part of parts) {
    const job = await jobOf(context, state, lot, part).catch((error: unknown) =>
      unreadable(context, opening, lot, part, error),
    );
    if (job === 'held') continue;
    if (job) jobs.push({ part, job });
    else await record(context, opening, lotId, await notGiven(context, part));
  }
  await unsealAll(
    jobs.map((j) => j.job),
    context.files.folder,
    async (i, outcome) => {
      const part = jobs[i]?.part as StandingParts;
      if (outcome instanceof Error) await unreadable(context, opening, lot, part, outcome);
      else await settle(context, opening, lot, part, outcome);
    },
  );
}

/** A file is lost or a thread failed: the centre's trouble with this tender, in which the others have no part. */
async function unreadable(
  context: OpeningContext,
  opening: string,
  lot: LotState,
  part: StandingParts,
  error: unknown,
): Promise<'held'> {
  context.logger.error({ err: error, manifestSha256: part.manifestSha256 }, 'a tender could not be read');
  await hold(context, opening, lot, part, 'tender-hash', 'centre');
  return 'held';
}

/** What the worker needs; null where the bidder alone could have opened and did not. */
async function jobOf(
  context: OpeningContext,
  state: OpeningState,
  lot: LotState,
  part: StandingParts,
): Promise<UnsealJob | null> {
  const { files } = context;
  const common = {
    manifestBytes: part.manifestBytes,
    policy: { text: new TextDecoder().decode(part.policy.bytes), sha256: part.policy.sha256 },
    signer: await files.read(part.signerSha256),
    tender: files.path(part.tenderSha256),
  };
  const key = lot.keys.find((k) => k.manifestSha256 === part.manifestSha256);
  if (key) return { ...common, opener: { identity: new TextDecoder().decode(await files.read(key.keySha256)) } };
  if (!tendersForQuorum(state, lot).includes(part.manifestSha256)) return null;
  return { ...common, opener: { items: await itemsOf(context, lot, part) } };
}

/** The bidder was to bring the key and stayed away: its own cause, the tender counts as revoked (EB 31). */
async function notGiven(context: OpeningContext, part: StandingParts): Promise<TenderResult> {
  return { ...(await shutResult(context, part)), result: 'invalid', code: 'key-not-given' };
}

/** Of a tender that stays shut: the handle names its bidder, which is all that can be known. */
const shutResult = async ({ tenders }: OpeningContext, { manifestSha256, manifest, handle }: StandingParts) => ({
  manifestSha256,
  bidder: await tenders.bidderOf(manifest.lot, handle),
  certSha256: null,
  offerSha256: manifest.offerSha256,
  offer: null,
  signatureSha256: null,
  files: [],
});

/** Turns a verdict into a result, or holds the tender up where the fault is the centre's or an officer's. */
async function settle(
  context: OpeningContext,
  opening: string,
  lot: LotState,
  part: StandingParts,
  verdict: UnsealVerdict,
): Promise<void> {
  const { code, owner } = verdict;
  if (verdict.result === 'postponed')
    return hold(context, opening, lot, part, code ?? 'quorum-missing', owner ?? 'centre');
  // Fewer officers than open a tender never change a result by their word alone: the others are heard first.
  if (verdict.hearsay > 0 && verdict.hearsay < part.policy.policy.k)
    return hold(context, opening, lot, part, code ?? 'quorum-missing', 'officer');
  const signer = await signerOf(context, lot.lot, part, verdict);
  if (signer === 'foreign') return hold(context, opening, lot, part, 'manifest-signer', 'centre');
  const signatureSha256 = verdict.signer ? (await context.files.putBytes(verdict.signer.p7s)).sha256 : null;
  const shut = await shutResult(context, part);
  const known = {
    ...shut,
    bidder: signer?.organisation ?? shut.bidder,
    certSha256: verdict.signer?.certSha256 ?? null,
    signatureSha256,
  };
  if (verdict.result === 'invalid') return record(context, opening, lot.lot, { ...known, result: 'invalid', code });
  if (verdict.bidder !== signer?.organisation)
    return record(context, opening, lot.lot, { ...known, result: 'invalid', code: 'package-context' });
  if (verdict.offerBytes) await context.files.putBytes(verdict.offerBytes);
  await record(context, opening, lot.lot, {
    ...known,
    result: 'opened',
    code: null,
    offer: verdict.offer,
    files: verdict.files,
  });
}

/** Whose certificate signed; `foreign` where it is not the one whose tag the act was filed under. */
async function signerOf(context: OpeningContext, lot: string, part: StandingParts, verdict: UnsealVerdict) {
  if (!verdict.signer) return null;
  const tag = signerTag(context.tenders.keyOf(lot), verdict.signer.certSha256);
  if (tag !== (await context.tenders.tagOf(lot, part.handle))) return 'foreign' as const;
  return context.parties.certificate(context.journal.db.read(), verdict.signer.certSha256);
}

async function record(context: OpeningContext, opening: string, lot: string, result: TenderResult): Promise<void> {
  const acted = await context.act(opening, { type: 'recordResult', lot, result }, context.system);
  if (isRefusal(acted) && acted.code !== 'already-opened') throw new Error(`result refused: ${acted.code}`);
}

async function hold(
  context: OpeningContext,
  opening: string,
  { lot, releases }: LotState,
  { manifestSha256 }: StandingParts,
  code: string,
  owner: 'officer' | 'centre' | 'bidder',
): Promise<void> {
  const command = { type: 'stall', lot, manifestSha256, code, owner, releases: releases.length } as const;
  await context.act(opening, command, context.system);
}

/** The host has a held-up tender opened again, after the cause was put right. */
export async function retryTender(
  context: OpeningContext,
  opening: string,
  lot: string,
  manifestSha256: string,
  call: Caller,
) {
  return context.act(opening, { type: 'retry', lot, manifestSha256 }, callOf(call));
}

/** The host sets a tender aside that nobody can open; the witness has signed the opening since it stalled. */
export async function setTenderAside(
  context: OpeningContext,
  opening: string,
  lotId: string,
  { manifestSha256, reason }: { readonly manifestSha256: string; readonly reason: string },
  call: Caller,
) {
  const { lot } = await context.lotOf(opening, lotId);
  const stalled = lot.stalled.find((s) => s.manifestSha256 === manifestSha256);
  const part = (await standingParts(context, lot)).find((p) => p.manifestSha256 === manifestSha256);
  if (!stalled || !part) return openingRefusal('tender-not-stalled');
  const result: TenderResult = { ...(await shutResult(context, part)), result: 'invalid', code: stalled.code };
  return context.act(opening, { type: 'setAside', lot: lotId, result, reason }, callOf(call), [
    { step: 'opening', since: stalled.at },
  ]);
}
