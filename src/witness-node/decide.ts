/** What a witness answers to an add-checkpoint request (c2sp.org/tlog-witness). Pure. */
import { equalBytes } from '../formats/bytes.ts';
import { FormatError } from '../formats/format-error.ts';
import { parseAddCheckpoint } from '../formats/log/add-checkpoint.ts';
import { openCheckpoint, parseCheckpoint, type ReadCheckpoint } from '../formats/log/checkpoint.ts';
import { verifyConsistency } from '../formats/log/merkle.ts';
import type { VerifierKey } from '../formats/log/note.ts';
import type { WitnessState } from './state.ts';

export type Verdict =
  | { readonly status: 200; readonly checkpoint: ReadCheckpoint }
  /**
   * `evidence`: `fork`, the log has signed two roots for the size that was cosigned; `unproved`, it has signed a larger tree
   * and the proof does not hold, which anybody who has that checkpoint can send; null, only the old size is another.
   */
  | { readonly status: 409 | 422; readonly size: bigint; readonly evidence: 'fork' | 'unproved' | null }
  | { readonly status: 400 | 403 | 404; readonly reason: string };

/** Judges a request body against what the witness last cosigned. */
export function judge(body: string, log: VerifierKey, state: WitnessState): Verdict {
  const request = parseAddCheckpoint(body);
  if (!request) return { status: 400, reason: 'not an add-checkpoint request' };
  const checkpoint = openSubmitted(request.checkpoint, log);
  if ('status' in checkpoint) return checkpoint;
  const { oldSize, path } = request;
  if (oldSize > checkpoint.size) return { status: 400, reason: 'the old size is above the new one' };
  if (oldSize !== state.size) return { status: 409, size: state.size, evidence: null };
  if (oldSize === checkpoint.size && !equalBytes(checkpoint.root, state.root))
    return { status: 409, size: state.size, evidence: 'fork' };
  const { size, root } = checkpoint;
  const fault = orDetail(() =>
    verifyConsistency({ from: oldSize, to: size, fromRoot: state.root, toRoot: root, path }),
  );
  if (fault !== undefined) return { status: 422, size: state.size, evidence: 'unproved' };
  return { status: 200, checkpoint };
}

function openSubmitted(text: string, log: VerifierKey): ReadCheckpoint | Extract<Verdict, { status: 400 | 403 | 404 }> {
  const read = orDetail(() => parseCheckpoint(text));
  if (typeof read === 'string') return { status: 400, reason: read };
  if (read.origin !== log.name) return { status: 404, reason: `unknown log ${read.origin}` };
  const opened = orDetail(() => openCheckpoint(text, log));
  return typeof opened === 'string' ? { status: 403, reason: opened } : opened;
}

/** The value, or what is wrong with the document. */
function orDetail<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormatError) return error.detail;
    throw error;
  }
}
