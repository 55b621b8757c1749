/**
 * What an officer's own program makes of the centre's release work: nothing in it is believed. The policy must be signed by all
 * its officers, the close must be in the log under a checkpoint that counts, and the lot and opening must be the ones meant
 * (trust protocol 2.5). Browser-safe: the command and the desk run the same checks.
 */
import { z } from 'zod';
import { fromBase64, sha256Hex, utf8 } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { closeBody, closeSet } from '../formats/close-set.ts';
import type { Certificate } from '../formats/cms.ts';
import { FormatError } from '../formats/format-error.ts';
import { parseTlogProof, verifyTlogProof } from '../formats/log/tlog-proof.ts';
import { openLeaf } from '../formats/open-leaf.ts';
import { logPolicyOf, type TrustFile } from '../formats/trust.ts';
import { identityToRecipient } from './age-file.ts';
import { type KnownPolicy, verifyOpeningPolicy } from './policy-check.ts';
import { drawUpRelease, type OlderPolicy, type UnsignedRelease } from './release.ts';

const signedPolicy = z.object({ document: z.string(), signatures: z.array(z.object({ p7s: z.string() })) });
const releaseWork = z.object({
  x: z.number(),
  policy: signedPolicy,
  older: z.array(signedPolicy),
  closeSet: z.string(),
  closeIndex: z.number(),
  closeLeaf: z.string(),
  proof: z.string(),
  tenders: z.array(z.object({ manifest: z.string(), envelope: z.string().nullable() })),
});
type SignedPolicy = z.infer<typeof signedPolicy>;
type Work = z.infer<typeof releaseWork>;

export type ReleaseCheck = {
  readonly opening: string;
  readonly lot: string;
  /** AGE-SECRET-KEY-1... made for this opening. */
  readonly identity: string;
  /** Identities under policies of the same opening that were replaced, as far as the officer still has them. */
  readonly olderIdentities?: readonly string[];
  /** The officer's certificate. */
  readonly certSha256: string;
  readonly roots: readonly Certificate[];
  readonly trust: Pick<TrustFile, 'logVkey' | 'witnessPolicy'>;
  /** By the officer's own clock. */
  readonly now: Temporal.Instant;
};

/** Checks the answer of `GET …/release` and draws up the release to sign. Throws FormatError where a check fails. */
export async function checkedRelease(answer: unknown, check: ReleaseCheck): Promise<UnsignedRelease> {
  const parsed = releaseWork.safeParse(answer);
  if (!parsed.success) throw new FormatError('schema', 'the release work does not have the form asked for');
  const work = parsed.data;
  const { now } = check;
  const read = ({ document, signatures }: SignedPolicy) =>
    verifyOpeningPolicy(
      utf8(document),
      signatures.map((s) => fromBase64(s.p7s)),
      check.roots,
      now,
    );
  const known = read(work.policy);
  if (known.policy.opening !== check.opening)
    throw new FormatError('release-close', 'the policy is of another opening');
  const tenders = work.tenders.map((t) => ({
    manifestBytes: fromBase64(t.manifest),
    envelope: t.envelope === null ? null : fromBase64(t.envelope),
  }));
  const { checkpoint, leafSha256 } = checkClose(work, fromBase64(work.closeLeaf), check);
  return drawUpRelease({
    known,
    closeSet: parseCanonical(closeSet, utf8(work.closeSet)),
    close: { index: work.closeIndex, leafSha256, checkpoint },
    x: work.x,
    tenders,
    // Only where bidders may open their own does the server say which are left; else every standing tender must be there.
    ...(known.policy.mode === 'bidder-then-quorum' ? { covers: tenders.map((t) => sha256Hex(t.manifestBytes)) } : {}),
    older: await Promise.all(work.older.map(read).map((policy) => withIdentity(policy, work.x, check))),
    identity: check.identity,
    certSha256: check.certSha256,
    now,
    clientSha256: null,
  });
}

/** The officer's identity under a replaced policy: the present one where it was kept, null where it was lost. */
async function withIdentity(
  known: KnownPolicy,
  x: number,
  { identity, olderIdentities = [] }: ReleaseCheck,
): Promise<OlderPolicy> {
  const recipient = known.policy.officers.find((o) => o.x === x)?.recipient;
  for (const candidate of [identity, ...olderIdentities])
    if ((await identityToRecipient(candidate)) === recipient) return { known, identity: candidate };
  return { known, identity: null };
}

/** The close set is the one that the close's leaf names, and that leaf is in the log under a checkpoint that counts. */
function checkClose(
  work: Work,
  leaf: Uint8Array,
  { lot, trust }: ReleaseCheck,
): { checkpoint: string; leafSha256: string } {
  const entry = parseCanonical(openLeaf, leaf);
  const body = 'body' in entry && entry.kind === 'close' ? closeBody.safeParse(entry.body) : null;
  if (!body?.success || body.data.lot !== lot)
    throw new FormatError('release-close', 'the entry is not the close of this lot');
  if (body.data.setSha256 !== sha256Hex(utf8(work.closeSet)))
    throw new FormatError('close-set-hash', 'the close set is not the one in the log');
  const proof = parseTlogProof(work.proof);
  if (proof.index !== BigInt(work.closeIndex)) throw new FormatError('release-close', 'the proof is of another entry');
  verifyTlogProof(proof, leaf, logPolicyOf(trust));
  return { checkpoint: proof.checkpoint, leafSha256: sha256Hex(Uint8Array.of(0, ...leaf)) };
}
