/** The log policy of this platform (LOG_POLICY_FILE) and what its witnesses have cosigned. */
import { readFileSync } from 'node:fs';
import { formatVkey, type VerifierKey } from '../formats/log/note.ts';
import { type LogPolicy, parsePolicy } from '../formats/log/tlog-policy.ts';

export type PolicyFile = {
  readonly policy: LogPolicy;
  /** The file's text, byte for byte: opening policies name its hash. */
  readonly text: string;
  /** Whether any witness is asked for; without one every verdict says `unwitnessed`. */
  readonly witnessed: boolean;
};

/** Reads the policy file; without one the policy is the log alone, `quorum none`. Throws with the file's name. */
export function readPolicyFile(file: string | null, log: VerifierKey): PolicyFile {
  const text = file === null ? `log ${formatVkey(log)}\nquorum none\n` : readFileSync(file, 'utf8');
  try {
    const policy = parsePolicy(text);
    return { policy, text, witnessed: policy.quorum !== 'none' };
  } catch (error) {
    throw new Error(`日志策略文件有误 / bad LOG_POLICY_FILE ${file}: ${(error as Error).message}`);
  }
}
