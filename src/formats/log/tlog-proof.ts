/** Offline proofs (c2sp.org/tlog-proof): extra data, index, inclusion path and checkpoint in one text. A receipt is one. */
import { toBase64 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { parseCheckpoint, parseSize } from './checkpoint.ts';
import { hashLength, leafHash, maxProofHashes, verifyInclusion } from './merkle.ts';
import { decodeBase64 } from './note.ts';
import { type LogPolicy, openWitnessedCheckpoint, type WitnessedCheckpoint } from './tlog-policy.ts';

const firstLine = 'c2sp.org/tlog-proof@v1';
const maxLength = 2_000_000;

export type TlogProof = {
  /** Not authenticated: a receipt's extra is believed only when it opens the commitment in the leaf. */
  readonly extra: Uint8Array | null;
  readonly index: bigint;
  readonly path: readonly Uint8Array[];
  /** The whole checkpoint text, verbatim. */
  readonly checkpoint: string;
};

/** The text of a proof. */
export function formatTlogProof({ path, ...rest }: TlogProof): string {
  return formatTlogProofLines({ ...rest, pathLines: path.map(toBase64) });
}

/** The same from a path that is base64 already: a log that gives many receipts of one tree spells each hash once. */
export function formatTlogProofLines({
  extra,
  index,
  pathLines,
  checkpoint,
}: Omit<TlogProof, 'path'> & { readonly pathLines: readonly string[] }): string {
  const lines = [firstLine, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...pathLines];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Reads the form of a proof. Throws FormatError `inclusion-proof`, or `checkpoint-signature` for its checkpoint. */
export function parseTlogProof(text: string): TlogProof {
  const wrong = (detail: string): never => {
    throw new FormatError('inclusion-proof', detail);
  };
  const split = text.indexOf('\n\n');
  if (split < 0 || text.length > maxLength) return wrong('not a tlog-proof');
  const [first, ...rest] = text.slice(0, split).split('\n');
  if (first !== firstLine) wrong('not a tlog-proof of version 1');
  const extra = rest[0]?.startsWith('extra ') ? decodeBase64(rest.shift()!.slice('extra '.length)) : undefined;
  if (extra === null) return wrong('extra is not base64');
  const indexLine = rest.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseSize(indexLine.slice('index '.length)) : null;
  if (index === null) return wrong('no index');
  if (rest.length > maxProofHashes) wrong('the path is too long');
  const path = rest.map((line) => {
    const hash = decodeBase64(line);
    return hash?.length === hashLength ? hash : wrong('a line of the path is not a hash');
  });
  const checkpoint = text.slice(split + 2);
  parseCheckpoint(checkpoint);
  return { extra: extra ?? null, index, path, checkpoint };
}

/**
 * Verifies that the leaf is in the log under the policy. Throws FormatError `inclusion-proof`, `checkpoint-origin`,
 * `checkpoint-signature`, `witness-signature` or `witness-quorum`.
 */
export function verifyTlogProof(proof: TlogProof, leaf: Uint8Array, policy: LogPolicy): WitnessedCheckpoint {
  const checkpoint = openWitnessedCheckpoint(proof.checkpoint, policy);
  const { index, path } = proof;
  verifyInclusion({ leafHash: leafHash(leaf), index, path, size: checkpoint.size, root: checkpoint.root });
  return checkpoint;
}
