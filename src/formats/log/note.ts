/**
 * Signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines. Also keys in vkey form. Browser-safe:
 * verification by @noble/curves; who signs hands in a function.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, fromBase64, sha256, toBase64, toHex, utf8 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';

/** Signature types of signed-note: an Ed25519 signature of the text, and a timestamped Ed25519 cosignature. */
export const logKeyType = 0x01;
export const witnessKeyType = 0x04;
export type KeyType = typeof logKeyType | typeof witnessKeyType;

/** A public key that a reader trusts under a name. */
export type VerifierKey = {
  readonly name: string;
  /** 8 lower-case hex characters. */
  readonly id: string;
  readonly type: KeyType;
  readonly publicKey: Uint8Array;
};

/** A key that signs; the private half stays in the closure. */
export type Signer = { readonly key: VerifierKey; sign(message: Uint8Array): Uint8Array };

export type NoteSignature = {
  readonly name: string;
  readonly id: string;
  readonly bytes: Uint8Array;
  /** The whole line without its newline. */
  readonly line: string;
};

export type Note = {
  /** With its final newline, as it is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** A note of a megabyte, or of a hundred signatures, is nobody's checkpoint. */
const maxNoteLength = 1_000_000;
const maxSignatures = 100;
/** Non-empty, without Unicode spaces and without plus. */
const keyName = /^[^\p{White_Space}\p{Cc}+]+$/u;
const signatureLine = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: signed notes forbid exactly these
const forbidden = /[\u0000-\u0009\u000b-\u001f]/;

/** The key of a name: id = SHA-256(name ‖ LF ‖ type ‖ public key)[:4]. Throws a RangeError on a bad name or length. */
export function verifierKey(name: string, type: KeyType, publicKey: Uint8Array): VerifierKey {
  if (!keyName.test(name)) throw new RangeError('a key name holds a space or a plus, or is empty');
  if (publicKey.length !== 32) throw new RangeError('an Ed25519 public key has 32 bytes');
  const digest = sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return { name, id: toHex(digest.subarray(0, 4)), type, publicKey };
}

/** The vkey text `name+id+base64(type ‖ public key)`. */
export function formatVkey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(concatBytes(Uint8Array.of(type), publicKey))}`;
}

/** Reads a vkey text; throws FormatError `schema` on another form, an unknown type or an id that does not fit the key. */
export function parseVkey(text: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const bytes = decodeBase64(match?.[3] ?? '');
  const type = bytes?.[0];
  if (!match || !bytes || bytes.length !== 33 || (type !== logKeyType && type !== witnessKeyType))
    throw new FormatError('schema', 'not a vkey of type 0x01 or 0x04');
  if (!keyName.test(match[1]!)) throw new FormatError('schema', 'the name of a vkey holds a space');
  const key = verifierKey(match[1]!, type, bytes.subarray(1));
  if (key.id !== match[2]) throw new FormatError('schema', 'the id of a vkey does not fit its key');
  return key;
}

/** Splits a note into text and signatures; says nothing about their truth. Throws FormatError `checkpoint-signature`. */
export function parseNote(note: string): Note {
  const wrong = (detail: string): never => {
    throw new FormatError('checkpoint-signature', detail);
  };
  if (note.length > maxNoteLength) wrong('the note is too long');
  if (forbidden.test(note)) wrong('a control character in a note');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return wrong('not a signed note');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > maxSignatures) wrong('too many signatures');
  return {
    text: note.slice(0, split + 1),
    signatures: lines.map((line) => parseSignatureLine(line) ?? wrong('not a signature line')),
  };
}

/** Reads one signature line (without newline); null where it has another form. */
export function parseSignatureLine(line: string): NoteSignature | null {
  const match = signatureLine.exec(line);
  const bytes = decodeBase64(match?.[2] ?? '');
  if (!match || !bytes || bytes.length < 5 || !keyName.test(match[1]!)) return null;
  return { name: match[1]!, id: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4), line };
}

/** The signature line (without newline) of a key. */
export function formatSignatureLine({ name, id }: VerifierKey, signature: Uint8Array): string {
  const prefix = Uint8Array.from([0, 2, 4, 6], (i) => Number.parseInt(id.slice(i, i + 2), 16));
  return `\u2014 ${name} ${toBase64(concatBytes(prefix, signature))}`;
}

/** Whether the Ed25519 signature (RFC 8032) holds; false also for a signature or key of another form. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** Bytes of canonical base64; null on anything else. */
export function decodeBase64(text: string): Uint8Array | null {
  try {
    return fromBase64(text);
  } catch {
    return null;
  }
}
