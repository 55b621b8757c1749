/** Checkpoints (c2sp.org/tlog-checkpoint): the log's signed statement of size and root. This log writes no extension lines. */
import { equalBytes, toBase64, utf8 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { hashLength } from './merkle.ts';
import {
  decodeBase64,
  formatSignatureLine,
  type Note,
  parseNote,
  type Signer,
  type VerifierKey,
  verifyEd25519,
} from './note.ts';

export type Checkpoint = { readonly origin: string; readonly size: bigint; readonly root: Uint8Array };

/** A checkpoint with the note it came from; nothing is verified yet. */
export type ReadCheckpoint = Checkpoint & { readonly note: Note };

const decimal = /^(0|[1-9][0-9]{0,18})$/;

/** Reads an ASCII decimal without leading zeros below 2^63; null on anything else. */
export function parseSize(text: string): bigint | null {
  if (!decimal.test(text)) return null;
  const value = BigInt(text);
  return value < 1n << 63n ? value : null;
}

/** The signed text: origin, size, root, each with its newline. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** The whole checkpoint with the log's signature. */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): string {
  const text = checkpointText(checkpoint);
  return `${text}\n${formatSignatureLine(signer.key, signer.sign(utf8(text)))}\n`;
}

/** Reads the form only. Throws FormatError `checkpoint-signature`: a text of another form was never signed by this log. */
export function parseCheckpoint(text: string): ReadCheckpoint {
  const note = parseNote(text);
  const lines = note.text.slice(0, -1).split('\n');
  const [origin, sizeText, rootText] = lines;
  const size = parseSize(sizeText ?? '');
  const root = decodeBase64(rootText ?? '');
  if (!origin || size === null || root?.length !== hashLength || lines.length !== 3)
    throw new FormatError('checkpoint-signature', 'not a checkpoint of origin, size and root');
  return { origin, size, root, note };
}

/**
 * Reads a checkpoint and verifies the log's signature. Throws FormatError `checkpoint-origin` (of another log) or
 * `checkpoint-signature`. Signatures of unknown keys are ignored; a false one of the log's key is not.
 */
export function openCheckpoint(text: string, key: VerifierKey): ReadCheckpoint {
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== key.name)
    throw new FormatError('checkpoint-origin', `a checkpoint of ${checkpoint.origin}, not of ${key.name}`);
  const own = checkpoint.note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) throw new FormatError('checkpoint-signature', 'the log has not signed this checkpoint');
  const message = utf8(checkpoint.note.text);
  if (!own.every(({ bytes }) => verifyEd25519(bytes, message, key.publicKey)))
    throw new FormatError('checkpoint-signature', 'the log signature does not fit this text');
  return checkpoint;
}

/** Two checkpoints of one log with one size must have one root; throws FormatError `split-view`. */
export function refuseSplitView(a: Checkpoint, b: Checkpoint): void {
  if (a.origin === b.origin && a.size === b.size && !equalBytes(a.root, b.root))
    throw new FormatError('split-view', `two roots for size ${a.size}`);
}
