/** Officers' releases and bidders' keys: what an officer's program needs, and the checks of what comes back. */

import { fromBase64, fromUtf8, sha256Hex, toBase64, utf8 } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { FormatError } from '../formats/format-error.ts';
import { type KeyRelease, keyRelease } from '../formats/key-release.ts';
import { manifest as manifestSchema, type SealManifest } from '../formats/manifest.ts';
import type { Acted } from '../journal/index.ts';
import type { Caller } from '../platform/http/route.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { FormedPolicy } from '../policies/index.ts';
import { identityToRecipient, type ReleasedItem } from '../sealing/index.ts';
import { callOf, type OpeningContext } from './context.ts';
import { openingRefusal } from './refusals.ts';
import { tendersForQuorum } from './rules.ts';
import type { LotState, OpeningEvent, OpeningState } from './state.ts';

type Result = Promise<Refusal | Acted<OpeningState, OpeningEvent>>;

/** A standing tender's parts as they lie in the store. */
export type StandingParts = {
  readonly manifestSha256: string;
  readonly manifestBytes: Uint8Array;
  readonly manifest: SealManifest;
  readonly tenderSha256: string;
  readonly signerSha256: string;
  readonly envelopes: readonly { readonly x: number; readonly sha256: string }[];
  readonly policy: FormedPolicy;
  readonly handle: string;
};

/** The standing tenders of a closed lot, in the order of the close. */
export async function standingParts(context: OpeningContext, lot: LotState): Promise<StandingParts[]> {
  const reader = context.journal.db.read();
  const stored = new Map(
    (await context.tenders.actsOf(reader, lot.lot)).map((a) => [a.stored?.manifestSha256, a.stored]),
  );
  const parts: StandingParts[] = [];
  for (const { manifestSha256, policy: policySha256, handle } of lot.close?.standing ?? []) {
    const act = stored.get(manifestSha256);
    const policy = await context.policies.bySha256(reader, policySha256);
    if (!act?.tenderSha256 || !policy) throw new Error(`parts of standing tender ${manifestSha256} are missing`);
    const manifestBytes = fromBase64(act.manifest);
    const manifest = parseCanonical(manifestSchema, manifestBytes);
    if (manifest.act !== 'seal') throw new Error('a standing act is a seal');
    const { tenderSha256, signerSha256, envelopes } = act;
    parts.push({ manifestSha256, manifestBytes, manifest, tenderSha256, signerSha256, envelopes, policy, handle });
  }
  return parts;
}

/** What an officer's program checks before it decrypts: policy, close set, the close's leaf and its proof, own envelopes. */
export async function releaseWork(context: OpeningContext, opening: string, lotId: string, call: Caller) {
  const { state, lot } = await context.lotOf(opening, lotId);
  if (!lot.close) return openingRefusal('lot-not-closed');
  const { journal, files } = context;
  const needed = tendersForQuorum(state, lot);
  const parts = (await standingParts(context, lot)).filter((p) => needed.includes(p.manifestSha256));
  const closePolicy = await context.policies.bySha256(journal.db.read(), lot.close.policy);
  const own = closePolicy?.policy.officers.find((o) => o.certSha256 === call.principal.certSha256);
  if (!closePolicy || !own) return openingRefusal('not-an-officer');
  const entry = await context.entryOf(opening, 'LotClosed', lotId);
  const receipt = await journal.receipt(entry);
  const envelopes: { manifestSha256: string; manifest: string; policySha256: string; envelope: string | null }[] = [];
  for (const part of parts) {
    const x = positionOf(part.policy, own.certSha256);
    // One that the centre has lost is this tender's trouble alone; the officer's program reports it.
    const file = part.envelopes.find((e) => e.x === x);
    envelopes.push({
      manifestSha256: part.manifestSha256,
      manifest: toBase64(part.manifestBytes),
      policySha256: part.policy.sha256,
      envelope: file && (await files.stat(file.sha256)) ? toBase64(await files.read(file.sha256)) : null,
    });
  }
  return {
    opening,
    lot: lotId,
    x: own.x,
    policy: documentOf(closePolicy),
    /** Policies before it under which some of the tenders were sealed. */
    older: [...new Map(parts.map((p) => [p.policy.sha256, p.policy])).values()]
      .filter((p) => p.sha256 !== closePolicy.sha256)
      .map(documentOf),
    closeSet: fromUtf8(await files.read(lot.close.setSha256)),
    closeIndex: Number(receipt.index),
    closeLeaf: toBase64(await context.leafOf(entry)),
    proof: receipt.text,
    vkey: journal.vkey(),
    tenders: envelopes,
  };
}

const documentOf = ({ bytes, signatures }: FormedPolicy) => ({
  document: fromUtf8(bytes),
  signatures: signatures.map((s) => ({ x: s.x, p7s: toBase64(s.p7s) })),
});

/** The officer's place in a policy; null where that policy does not know the certificate. */
function positionOf(policy: FormedPolicy, certSha256: string): number | null {
  return policy.policy.officers.find((o) => o.certSha256 === certSha256)?.x ?? null;
}

/** Takes an officer's signed key release. Shares stay hidden until enough are in; a bad share is recorded as a fault of that tender. */
export async function releaseKeys(
  context: OpeningContext,
  opening: string,
  lotId: string,
  document: { readonly bytes: Uint8Array; readonly signature: Uint8Array },
  call: Caller,
): Result {
  const { state, lot } = await context.lotOf(opening, lotId);
  if (!lot.close) return openingRefusal('lot-not-closed');
  const { journal, parties, policies, files } = context;
  const reader = journal.db.read();
  const release = readRelease(document.bytes);
  const signer = await parties.verifySignature(reader, document.bytes, document.signature, await databaseTime(context));
  const policy = await policies.bySha256(reader, lot.close.policy);
  const officer = policy?.policy.officers.find((o) => o.x === release.x);
  if (!officer || officer.certSha256 !== signer.certSha256 || signer.person !== call.principal.person)
    return openingRefusal('not-an-officer');
  const entry = await context.entryOf(opening, 'LotClosed', lotId);
  const place = await journal.indexOf(reader, entry);
  if (!place || release.opening !== opening || release.lot !== lotId) return openingRefusal('release-close');
  if (BigInt(release.closeIndex) !== place.index || release.closeLeafSha256 !== place.leafSha256)
    return openingRefusal('release-close', { closeIndex: place.index.toString() });
  const needed = tendersForQuorum(state, lot);
  const parts = (await standingParts(context, lot)).filter((p) => needed.includes(p.manifestSha256));
  const faults = parts.filter((p) => !goodShare(release, p, officer.certSha256)).map((p) => p.manifestSha256);
  const [stored, signature] = [await files.putBytes(document.bytes), await files.putBytes(document.signature)];
  return context.act(
    opening,
    {
      type: 'releaseKeys',
      lot: lotId,
      release: { x: release.x, releaseSha256: stored.sha256, signatureSha256: signature.sha256, faults },
      covers: release.items.map((i) => i.manifestSha256),
    },
    callOf(call),
    [{ step: 'close', since: lot.close.at }],
    { closeCosigned: await journal.cosigned(place.index) },
  );
}

function goodShare(release: KeyRelease, part: StandingParts, certSha256: string): boolean {
  const item = release.items.find((i) => i.manifestSha256 === part.manifestSha256);
  if (!item || !('share' in item)) return false;
  const x = positionOf(part.policy, certSha256);
  return part.manifest.shares.some((s) => s.x === x && s.shareSha256 === sha256Hex(utf8(item.share)));
}

function readRelease(bytes: Uint8Array): KeyRelease {
  try {
    return parseCanonical(keyRelease, bytes);
  } catch (error) {
    if (error instanceof FormatError)
      return refuse(openingRefusal('release-malformed', { reason: error.code, detail: error.detail }));
    throw error;
  }
}

/** What every officer said of a tender so far, by the officer's place in the policy that the tender was sealed under. */
export async function itemsOf(context: OpeningContext, lot: LotState, part: StandingParts): Promise<ReleasedItem[]> {
  const closePolicy = await context.policies.bySha256(context.journal.db.read(), lot.close?.policy ?? '');
  const items: ReleasedItem[] = [];
  for (const { releaseSha256, x } of lot.releases) {
    const release = readRelease(await context.files.read(releaseSha256));
    const certSha256 = closePolicy?.policy.officers.find((o) => o.x === x)?.certSha256 ?? '';
    const place = positionOf(part.policy, certSha256);
    const item = release.items.find((i) => i.manifestSha256 === part.manifestSha256);
    if (item && place !== null)
      items.push({ x: place, ...('share' in item ? { share: item.share } : { fault: item.fault }) });
  }
  return items;
}

/** Takes a bidder's own key in the bidder modes; it is only stored, nothing is decrypted before the time is over. */
export async function giveKey(
  context: OpeningContext,
  opening: string,
  lotId: string,
  identity: string,
  call: Caller,
): Result {
  const { lot } = await context.lotOf(opening, lotId);
  if (!lot.close) return openingRefusal('lot-not-closed');
  const organisation = call.principal.organisation;
  const handle = organisation === null ? null : context.tenders.handle(lotId, organisation);
  const part = (await standingParts(context, lot)).find((p) => p.handle === handle);
  if (!part) return openingRefusal('tender-not-yours');
  const recipient = await identityToRecipient(identity).catch(() => null);
  if (recipient !== part.manifest.recipient) return openingRefusal('key-wrong');
  const { sha256: keySha256 } = await context.files.putBytes(utf8(identity));
  // The handle acts: who gives a key is not shown before the opening either.
  return context.act(
    opening,
    { type: 'giveKey', lot: lotId, manifestSha256: part.manifestSha256, keySha256 },
    { actor: part.handle, requestId: call.requestId },
  );
}

/** An officer discloses the opening identity after the announcement, to show that an envelope was rubbish. */
export async function discloseIdentity(
  context: OpeningContext,
  opening: string,
  policySha256: string,
  identity: string,
  call: Caller,
): Result {
  const policy = await context.policies.bySha256(context.journal.db.read(), policySha256);
  const officer = policy?.policy.officers.find((o) => o.certSha256 === call.principal.certSha256);
  if (!policy || policy.policy.opening !== opening || !officer) return openingRefusal('not-an-officer');
  if ((await identityToRecipient(identity).catch(() => null)) !== officer.recipient)
    return openingRefusal('identity-wrong');
  const { sha256: identitySha256 } = await context.files.putBytes(utf8(identity));
  return context.act(
    opening,
    { type: 'discloseIdentity', x: officer.x, policy: policySha256, most: policy.policy.k - 1, identitySha256 },
    callOf(call),
  );
}

async function databaseTime(context: OpeningContext): Promise<string> {
  return context.journal.keep(async (tx) => tx.now);
}
