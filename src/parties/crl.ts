/** A certificate revocation list, version 2 (RFC 5280 section 5). forge has none, so its ASN.1 is put together here. */
import forge from 'node-forge';
import type { SigningKey } from '../formats/cms.ts';
import {
  type Asn1,
  algorithm,
  bytesOf,
  context,
  encodeDer,
  octets,
  oid,
  sequence,
  timeValue,
} from '../formats/cms-der.ts';
import type { RevocationCause } from './rules.ts';

const { asn1 } = forge;
const { Class, Type } = asn1;
const sha256WithRsa = '1.2.840.113549.1.1.11';
const oids = { crlNumber: '2.5.29.20', reasonCode: '2.5.29.21', authorityKeyIdentifier: '2.5.29.35' } as const;

/** CRLReason (RFC 5280 5.3.1); `unspecified` is said by silence. */
const reasonCodes: Readonly<Record<RevocationCause, number | null>> = {
  unspecified: null,
  'key-compromise': 1,
  'affiliation-changed': 3,
  superseded: 4,
  'cessation-of-operation': 5,
};

export type RevokedSerial = { readonly serial: string; readonly at: string; readonly cause: RevocationCause };

/** DER of the list of revoked serials (hex), signed by the issuing key; valid for one day. */
export function revocationList(
  issuer: SigningKey,
  revoked: readonly RevokedSerial[],
  now: Temporal.Instant,
): Uint8Array {
  const entries = revoked.map(({ serial, at, cause }) => {
    const code = reasonCodes[cause];
    const reason = code === null ? [] : [sequence(extension(oids.reasonCode, enumerated(code)))];
    return sequence(integer(serial), timeValue(Temporal.Instant.from(at)), ...reason);
  });
  const list = sequence(
    integer('01'),
    algorithm(sha256WithRsa),
    forge.pki.distinguishedNameToAsn1(issuer.certificate.subject),
    timeValue(now),
    timeValue(now.add({ hours: 24 })),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    context(0, [
      sequence(extension(oids.authorityKeyIdentifier, keyIdentifier(issuer)), extension(oids.crlNumber, number(now))),
    ]),
  );
  const digest = forge.md.sha256.create().update(asn1.toDer(list).getBytes());
  const signature = asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\x00${issuer.privateKey.sign(digest)}`);
  return encodeDer(sequence(list, algorithm(sha256WithRsa), signature));
}

const extension = (id: string, value: Asn1): Asn1 => sequence(oid(id), octets(encodeDer(value)));

const integer = (hex: string): Asn1 =>
  asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.util.hexToBytes(hex.length % 2 ? `0${hex}` : hex));

const enumerated = (value: number): Asn1 =>
  asn1.create(Class.UNIVERSAL, Type.ENUMERATED, false, String.fromCharCode(value));

/** Grows with every list: the microseconds of its making, with a zero octet so that it is positive. */
function number(now: Temporal.Instant): Asn1 {
  return integer(`00${(now.epochNanoseconds / 1000n).toString(16).padStart(16, '0')}`.replace(/^(00)+(?=[0-7])/, ''));
}

/** AuthorityKeyIdentifier with the key's identifier alone, field [0] IMPLICIT. */
function keyIdentifier(issuer: SigningKey): Asn1 {
  const bytes = bytesOf(issuer.certificate.generateSubjectKeyIdentifier().getBytes());
  return sequence(asn1.create(Class.CONTEXT_SPECIFIC, 0 as never, false, String.fromCharCode(...bytes)));
}
