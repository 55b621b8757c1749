/** A certificate revocation list, version 2 (RFC 5280 section 5). forge has none, so its ASN.1 is put together here. */
import forge from 'node-forge';
import type { SigningKey } from '../formats/cms.ts';
import { algorithm, encodeDer, sequence, timeValue } from '../formats/cms-der.ts';

const { asn1 } = forge;
const { Class, Type } = asn1;
const sha256WithRsa = '1.2.840.113549.1.1.11';

/** DER of the list of revoked serials (hex), signed by the issuing key; valid for one day. */
export function revocationList(
  issuer: SigningKey,
  revoked: readonly { serial: string; at: string }[],
  now: Temporal.Instant,
): Uint8Array {
  const integer = (hex: string) =>
    asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.util.hexToBytes(hex.length % 2 ? `0${hex}` : hex));
  const entries = revoked.map(({ serial, at }) => sequence(integer(serial), timeValue(Temporal.Instant.from(at))));
  const list = sequence(
    integer('01'),
    algorithm(sha256WithRsa),
    forge.pki.distinguishedNameToAsn1(issuer.certificate.subject),
    timeValue(now),
    timeValue(now.add({ hours: 24 })),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
  );
  const digest = forge.md.sha256.create().update(asn1.toDer(list).getBytes());
  const signature = asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\x00${issuer.privateKey.sign(digest)}`);
  return encodeDer(sequence(list, algorithm(sha256WithRsa), signature));
}
