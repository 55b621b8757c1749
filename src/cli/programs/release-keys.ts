/**
 * The officer's side: makes an opening key, signs the policy, and releases shares after checking for itself that the close
 * is in the log, witnessed, and that its own clock agrees (trust protocol 2.5). The opening key never leaves this machine.
 */
import { fromBase64, fromUtf8, sha256Hex, toBase64, utf8 } from '../../formats/bytes.ts';
import { parseCanonical } from '../../formats/canonical.ts';
import { closeBody, closeSet } from '../../formats/close-set.ts';
import { type Certificate, certificateSha256 } from '../../formats/cms.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parseTlogProof, verifyTlogProof } from '../../formats/log/tlog-proof.ts';
import { openLeaf } from '../../formats/open-leaf.ts';
import { openingPolicy } from '../../formats/opening-policy.ts';
import { logPolicyOf, type TrustFile } from '../../formats/trust.ts';
import {
  identityToRecipient,
  type KnownPolicy,
  type OlderPolicy,
  openEnvelope,
  releaseShares,
  verifyOpeningPolicy,
} from '../../sealing/index.ts';
import type { Client } from '../client.ts';

type PolicyState = {
  readonly document: string | null;
  readonly policySha256: string | null;
  readonly inForce: string | null;
  readonly officers: readonly {
    readonly person: string;
    readonly signed: boolean;
    readonly rehearsal: { readonly envelope: string; readonly passedAt: string | null } | null;
  }[];
};

/** Hands in the recipient of a fresh opening key. */
export const giveOpeningKey = (client: Client, opening: string, recipient: string): Promise<PolicyState> =>
  client.call('POST', `/api/openings/${opening}/keys`, { recipient });

/**
 * Signs the assembled policy. The text comes from the server, so nothing is signed before it is read: a policy of this opening
 * that seats this certificate (with `recipient`, where the officer's key is at hand). Throws FormatError otherwise.
 */
export async function signPolicy(client: Client, opening: string, recipient?: string): Promise<PolicyState> {
  if (!client.key) throw new Error('需要开启人员的证书 / an officer’s certificate is needed');
  const state = await client.call<PolicyState>('GET', `/api/openings/${opening}/policy`);
  if (state.document === null) throw new Error('开标规则尚未成文 / the policy is not assembled yet');
  const bytes = utf8(state.document);
  const policy = parseCanonical(openingPolicy, bytes);
  const own = policy.officers.find((o) => o.certSha256 === certificateSha256(client.key!.certificate));
  if (policy.opening !== opening || !own || (recipient !== undefined && own.recipient !== recipient))
    throw new FormatError('policy-signature', "the server's text is no policy of this opening with this officer's key");
  return client.call('POST', `/api/openings/${opening}/policy/signatures`, { signature: client.sign(bytes) });
}

/** What a rehearsal seals: 32 random bytes as hex. */
const rehearsalValue = /^[0-9a-f]{64}$/;

/**
 * Answers the rehearsal: decrypts the test value with the opening key. The envelope comes from the server, which could hand over
 * a bidder's share in its place; so nothing but a test value leaves this machine. Throws FormatError `release-order` then.
 */
export async function answerRehearsal(client: Client, opening: string, identity: string): Promise<PolicyState> {
  const state = await client.call<PolicyState>('GET', `/api/openings/${opening}/policy`);
  const own = state.officers.find((o) => o.person === client.session?.person)?.rehearsal;
  if (!own) throw new Error('没有待完成的演练 / there is no rehearsal to answer');
  const value = fromUtf8(await openEnvelope(fromBase64(own.envelope), identity));
  if (!rehearsalValue.test(value))
    throw new FormatError(
      'release-order',
      'the rehearsal holds no test value; it may be a share, and is not given out',
    );
  return client.call('POST', `/api/openings/${opening}/rehearsal/answers`, { value });
}

type SignedPolicy = { readonly document: string; readonly signatures: readonly { readonly p7s: string }[] };
type Work = {
  readonly x: number;
  readonly policy: SignedPolicy;
  readonly older: readonly SignedPolicy[];
  readonly closeSet: string;
  readonly closeIndex: number;
  readonly closeLeaf: string;
  readonly proof: string;
  readonly tenders: readonly { readonly manifest: string; readonly envelope: string | null }[];
};

export type ReleaseOptions = {
  readonly client: Client;
  readonly opening: string;
  readonly lot: string;
  /** AGE-SECRET-KEY-1... made for this opening. */
  readonly identity: string;
  /** Identities under policies of the same opening that were replaced, as far as the officer still has them. */
  readonly olderIdentities?: readonly string[];
  readonly roots: readonly Certificate[];
  /** From outside the server. */
  readonly trust: TrustFile;
  readonly now: Temporal.Instant;
};

/** Checks the close, decrypts the officer's shares and hands in the signed release. Throws FormatError where a check fails. */
export async function releaseLot(
  options: ReleaseOptions,
): Promise<{ readonly faults: number; readonly tenders: number }> {
  const { client, opening, lot, now } = options;
  if (!client.key) throw new Error('需要开启人员的证书 / an officer’s certificate is needed');
  const work = await client.call<Work>('GET', `/api/openings/${opening}/lots/${lot}/release`);
  const read = ({ document, signatures }: SignedPolicy) =>
    verifyOpeningPolicy(
      utf8(document),
      signatures.map((s) => fromBase64(s.p7s)),
      options.roots,
      now,
    );
  const known = read(work.policy);
  if (known.policy.opening !== opening) throw new FormatError('release-close', 'the policy is of another opening');
  const tenders = work.tenders.map((t) => ({
    manifestBytes: fromBase64(t.manifest),
    envelope: t.envelope === null ? null : fromBase64(t.envelope),
  }));
  const leaf = fromBase64(work.closeLeaf);
  const { checkpoint, leafSha256 } = checkClose(work, leaf, lot, options);
  const signed = await releaseShares({
    known,
    closeSet: parseCanonical(closeSet, utf8(work.closeSet)),
    close: { index: work.closeIndex, leafSha256, checkpoint },
    x: work.x,
    tenders,
    // Only where bidders may open their own does the server say which are left; else every standing tender must be there.
    ...(known.policy.mode === 'bidder-then-quorum' ? { covers: tenders.map((t) => sha256Hex(t.manifestBytes)) } : {}),
    older: await Promise.all(work.older.map(read).map((policy) => withIdentity(policy, work.x, options))),
    identity: options.identity,
    key: client.key,
    now,
    clientSha256: null,
  });
  await client.call('POST', `/api/openings/${opening}/lots/${lot}/releases`, {
    release: toBase64(signed.bytes),
    signature: toBase64(signed.p7s),
  });
  const { items } = signed.release;
  return { tenders: items.length, faults: items.filter((i) => 'fault' in i).length };
}

/** The officer's identity under a replaced policy: the present one where it was kept, null where it was lost. */
async function withIdentity(
  known: KnownPolicy,
  x: number,
  { identity, olderIdentities = [] }: ReleaseOptions,
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
  lot: string,
  options: ReleaseOptions,
): { checkpoint: string; leafSha256: string } {
  const entry = parseCanonical(openLeaf, leaf);
  const body = 'body' in entry && entry.kind === 'close' ? closeBody.safeParse(entry.body) : null;
  if (!body?.success || body.data.lot !== lot)
    throw new FormatError('release-close', 'the entry is not the close of this lot');
  if (body.data.setSha256 !== sha256Hex(utf8(work.closeSet)))
    throw new FormatError('close-set-hash', 'the close set is not the one in the log');
  const proof = parseTlogProof(work.proof);
  if (proof.index !== BigInt(work.closeIndex)) throw new FormatError('release-close', 'the proof is of another entry');
  verifyTlogProof(proof, leaf, logPolicyOf(options.trust));
  return { checkpoint: proof.checkpoint, leafSha256: sha256Hex(Uint8Array.of(0, ...leaf)) };
}
