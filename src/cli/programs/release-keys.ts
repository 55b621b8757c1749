/**
 * The officer's side: makes an opening key, signs the policy, and releases shares after checking for itself that the close
 * is in the log, witnessed, and that its own clock agrees (trust protocol 2.5). The opening key never leaves this machine.
 */
import { fromBase64, fromUtf8, toBase64, utf8 } from '../../formats/bytes.ts';
import { parseCanonical } from '../../formats/canonical.ts';
import { type Certificate, certificateSha256, signDetached } from '../../formats/cms.ts';
import { FormatError } from '../../formats/format-error.ts';
import { openingPolicy } from '../../formats/opening-policy.ts';
import type { TrustFile } from '../../formats/trust.ts';
import { checkedRelease, openEnvelope } from '../../sealing/index.ts';
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
  const { client, opening, lot } = options;
  if (!client.key) throw new Error('需要开启人员的证书 / an officer’s certificate is needed');
  const work = await client.call('GET', `/api/openings/${opening}/lots/${lot}/release`);
  const drawn = await checkedRelease(work, { ...options, certSha256: certificateSha256(client.key.certificate) });
  await client.call('POST', `/api/openings/${opening}/lots/${lot}/releases`, {
    release: toBase64(drawn.bytes),
    signature: toBase64(signDetached(client.key, drawn.bytes, options.now)),
  });
  const { items } = drawn.release;
  return { tenders: items.length, faults: items.filter((i) => 'fault' in i).length };
}
