/** trust.json: what a verifier believes beforehand. It comes from outside the bundle: from the supervisor, a newspaper, an earlier visit. */
import { z } from 'zod';
import { FormatError } from './format-error.ts';
import { parseVkey } from './log/note.ts';
import { type LogPolicy, parsePolicy } from './log/tlog-policy.ts';
import { documentType } from './primitives.ts';

export const trustFile = z.strictObject({
  type: documentType('trust'),
  /** The log's public key in C2SP form; its name is the log's origin. */
  logVkey: z.string().min(10).max(300),
  /** PEM of the certificate roots: the platform's and those of outside authorities. */
  caRoots: z.array(z.string().max(20_000)).min(1).max(50),
  /** Text of a C2SP tlog-policy; null: verdicts say `unwitnessed`. */
  witnessPolicy: z.string().max(50_000).nullable(),
  /** A checkpoint seen earlier; the log must extend it. */
  pinnedCheckpoint: z.string().max(20_000).nullable(),
});
export type TrustFile = z.infer<typeof trustFile>;

/** The log policy of a trust file: its own, or the bare log key without any witness. Throws FormatError `trust-root`, `schema`. */
export function logPolicyOf({ logVkey, witnessPolicy }: Pick<TrustFile, 'logVkey' | 'witnessPolicy'>): LogPolicy {
  const key = parseVkey(logVkey);
  const policy = parsePolicy(witnessPolicy ?? `log ${logVkey}\nquorum none\n`);
  if (!policy.logs.some((log) => log.key.name === key.name && log.key.id === key.id))
    throw new FormatError('trust-root', 'the witness policy is of another log than the key');
  return policy;
}
