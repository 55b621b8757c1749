/** The request body of c2sp.org/tlog-witness: old size, consistency proof, empty line, checkpoint. */
import { toBase64 } from '../bytes.ts';
import { parseSize } from './checkpoint.ts';
import { hashLength, maxProofHashes } from './merkle.ts';
import { decodeBase64 } from './note.ts';

export type AddCheckpoint = {
  readonly oldSize: bigint;
  readonly path: readonly Uint8Array[];
  readonly checkpoint: string;
};

/** The media type of a 409 that tells the size the witness last cosigned. */
export const sizeMediaType = 'text/x.tlog.size';

/** The request body. */
export function formatAddCheckpoint({ oldSize, path, checkpoint }: AddCheckpoint): string {
  return `${[`old ${oldSize}`, ...path.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Reads a request body; null where it has another form (the witness answers 400). The checkpoint is not looked at. */
export function parseAddCheckpoint(text: string): AddCheckpoint | null {
  const split = text.indexOf('\n\n');
  if (split < 0) return null;
  const [first, ...lines] = text.slice(0, split).split('\n');
  const oldSize = first?.startsWith('old ') ? parseSize(first.slice('old '.length)) : null;
  const path = lines.map(decodeBase64);
  if (oldSize === null || path.length > maxProofHashes || path.some((hash) => hash?.length !== hashLength)) return null;
  return { oldSize, path: path as Uint8Array[], checkpoint: text.slice(split + 2) };
}
