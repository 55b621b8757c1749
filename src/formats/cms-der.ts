/** A thin hold on ASN.1 DER (X.690) over node-forge, for bytes that an attacker controls: every step is checked by name. */
import forge from 'node-forge';
import { sha256 } from './bytes.ts';

export type Asn1 = forge.asn1.Asn1;

const { Class, Type } = forge.asn1;

/** forge speaks in strings with one character a byte. */
export function binaryOf(bytes: Uint8Array): string {
  return forge.util.binary.raw.encode(bytes);
}

/** The bytes of such a string; a fresh copy. */
export function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** Parses one DER (or BER) value that fills the input; throws an Error on anything else. Depth is bounded by forge. */
export function parseDer(bytes: Uint8Array): Asn1 {
  // Bit strings stay opaque: decoding them is a guess, and a second encoding of a signature would be one more spelling.
  return forge.asn1.fromDer(binaryOf(bytes), { strict: true, parseAllBytes: true, decodeBitStrings: false } as never);
}

export function encodeDer(value: Asn1): Uint8Array {
  return bytesOf(forge.asn1.toDer(value).getBytes());
}

/** The parts of a constructed universal value (SEQUENCE or SET). */
export function partsOf(node: Asn1 | undefined, type: 'SEQUENCE' | 'SET'): Asn1[] {
  if (!node || node.tagClass !== Class.UNIVERSAL || node.type !== Type[type] || !Array.isArray(node.value))
    throw new Error(`${type} expected`);
  return node.value;
}

/** The content octets of a primitive universal value. */
export function primitiveOf(node: Asn1 | undefined, type: 'OID' | 'OCTETSTRING' | 'INTEGER' | 'BITSTRING'): string {
  if (!node || node.tagClass !== Class.UNIVERSAL || node.type !== Type[type] || typeof node.value !== 'string')
    throw new Error(`${type} expected`);
  return node.value;
}

export function oidOf(node: Asn1 | undefined): string {
  return forge.asn1.derToOid(primitiveOf(node, 'OID'));
}

export function isContext(node: Asn1 | undefined, tag: number): node is Asn1 {
  return node !== undefined && node.tagClass === Class.CONTEXT_SPECIFIC && (node.type as number) === tag;
}

export const sequence = (...parts: Asn1[]): Asn1 => forge.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
export const setOf = (...parts: Asn1[]): Asn1 => forge.asn1.create(Class.UNIVERSAL, Type.SET, true, parts);
export const context = (tag: number, parts: Asn1[]): Asn1 =>
  forge.asn1.create(Class.CONTEXT_SPECIFIC, tag as never, true, parts);
export const oid = (dotted: string): Asn1 =>
  forge.asn1.create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer(dotted).getBytes());
export const octets = (bytes: Uint8Array): Asn1 =>
  forge.asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, binaryOf(bytes));
export const smallInteger = (n: number): Asn1 =>
  forge.asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.asn1.integerToDer(n).getBytes());
const nothing = (): Asn1 => forge.asn1.create(Class.UNIVERSAL, Type.NULL, false, '');
export const algorithm = (dotted: string): Asn1 => sequence(oid(dotted), nothing());

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5), to the second. */
export function timeValue(at: Temporal.Instant): Asn1 {
  const text = at.toString({ smallestUnit: 'second' }).replace(/[-:T]/g, '');
  return text < '2050'
    ? forge.asn1.create(Class.UNIVERSAL, Type.UTCTIME, false, text.slice(2))
    : forge.asn1.create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, text);
}

/** The hashes that a signature may use; SHA-1 and MD5 are not among them. */
const digests = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', make: () => forge.md.sha256.create() },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', make: () => forge.md.sha384.create() },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', make: () => forge.md.sha512.create() },
} as const;
export type DigestName = keyof typeof digests;

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 8.2.2) by comparing whole encodings: the padded block must be exactly ours, so there is
 * no ASN.1 inside a signature to be lenient about. Keys outside 2048..8192 bits or with an even modulus are refused:
 * they would make the big-number code run for ever.
 */
export function rsaVerifies(
  key: forge.pki.rsa.PublicKey,
  name: DigestName,
  signed: Uint8Array,
  signature: string,
): boolean {
  const bits = key.n.bitLength();
  if (bits < 2048 || bits > 8192 || !key.n.testBit(0) || key.e.bitLength() > 32 || !key.e.testBit(0)) return false;
  if (key.e.bitLength() < 2) return false;
  const digest = name === 'sha256' ? binaryOf(sha256(signed)) : otherDigest(name, signed);
  const info = sequence(algorithm(digests[name].oid), octets(bytesOf(digest)));
  try {
    return key.verify(forge.asn1.toDer(info).getBytes(), signature, 'NONE');
  } catch {
    return false; // wrong length or padding
  }
}

function otherDigest(name: DigestName, signed: Uint8Array): string {
  return digests[name].make().update(binaryOf(signed)).digest().getBytes();
}
