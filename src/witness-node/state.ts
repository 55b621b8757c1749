/** What a witness remembers of the log: the newest checkpoint it cosigned. Written durably before the cosignature leaves. */
import { z } from 'zod';
import { fromBase64, toBase64 } from '../formats/bytes.ts';
import type { Checkpoint } from '../formats/log/checkpoint.ts';
import { emptyRoot, hashLength } from '../formats/log/merkle.ts';
import { readFileIfThere, replaceFile } from '../platform/durable-file.ts';

const stateDocument = z.strictObject({
  type: z.literal('yangguang.org/witness-state/v1'),
  origin: z.string().min(1),
  size: z.string().regex(/^(0|[1-9][0-9]{0,18})$/),
  root: z.base64(),
});

export type WitnessState = Checkpoint;

/** The state of a witness that has seen nothing yet: the empty tree. */
export const nothingSeen = (origin: string): WitnessState => ({ origin, size: 0n, root: emptyRoot });

/** Reads the state file; null where there is none. Throws where it is broken or of another log. */
export async function readState(file: string, origin: string): Promise<WitnessState | null> {
  const text = await readFileIfThere(file);
  if (text === null) return null;
  try {
    const state = stateDocument.parse(JSON.parse(text));
    const root = fromBase64(state.root);
    if (state.origin !== origin || root.length !== hashLength) throw new Error(`a state of the log ${state.origin}`);
    return { origin, size: BigInt(state.size), root };
  } catch (error) {
    throw new Error(
      `见证状态文件 ${file} 无法使用，请恢复备份；不要删除后重来，否则本见证方可能为两份不同的历史签名。/ The witness state ${file} cannot be used (${(error as Error).message}). Restore it; do not start over with this key, or it may cosign two histories.`,
    );
  }
}

/** Replaces the state; when it resolves the state is on disk. */
export function writeState(file: string, { origin, size, root }: WitnessState): Promise<void> {
  const document = { type: 'yangguang.org/witness-state/v1', origin, size: size.toString(), root: toBase64(root) };
  return replaceFile(file, `${JSON.stringify(document, null, 2)}\n`, 0o600);
}
