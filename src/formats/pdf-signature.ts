/**
 * Checks a signed certificate of the platform without a PDF library, in browsers too: one signature (PAdES B-B,
 * ETSI EN 319 142-1) over every byte of the file, and the JSON facts that the file carries. The gap between the two
 * signed ranges must be exactly the signature itself, so nothing can hide in it or be appended behind it.
 */
import { concatBytes, equalBytes, sha256, toHex } from './bytes.ts';
import { attribute, type Certificate, certificateToDer, verifyDetached } from './cms.ts';
import { type Asn1, encodeDer, octets, parseDer, partsOf, sequence } from './cms-der.ts';
import { FormatError } from './format-error.ts';
import { asDictionary, type PdfDictionary, type PdfFile, PdfShape, readPdf } from './pdf-file.ts';
import { type PdfName, PdfSyntax, type PdfText, type PdfValue } from './pdf-objects.ts';

export type VerifiedPdf = {
  /** Always true: a signature that leaves bytes out is refused. */
  readonly covered: true;
  /** SHA-256 of the signer's certificate; whether it is trusted is the caller's question (`verifyChain`). */
  readonly certSha256: string;
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
  /** The claimed time of signing (/M), RFC 3339 UTC with six decimals; a claim of the signer, not a proof. */
  readonly signedAt: string;
  /** Bytes of the embedded JSON facts; null where the file carries none. */
  readonly facts: Uint8Array | null;
  /** SHA-256 of the whole file, as the journal names it. */
  readonly sha256: string;
};

/**
 * Verifies a signed PDF. Throws FormatError `pdf-coverage` where the signature leaves bytes out (also a revision added
 * later), `certificate-hash` where the bytes were changed, re-signed wrongly or are no certificate at all,
 * `cms-attributes` where the signature names no signing certificate.
 */
export function verifyPdf(bytes: Uint8Array): VerifiedPdf {
  try {
    return verify(bytes);
  } catch (error) {
    if (error instanceof PdfShape && error.appended) throw new FormatError('pdf-coverage', error.message);
    if (error instanceof PdfShape || error instanceof PdfSyntax)
      throw new FormatError('certificate-hash', error.message);
    throw error;
  }
}

function verify(bytes: Uint8Array): VerifiedPdf {
  const file = readPdf(bytes);
  const root = asDictionary(file.resolve(file.trailer.get('Root')));
  const { contents, byteRange, signedAt } = signatureOf(file, root);
  requireCoverage(byteRange, contents, bytes.length);
  const signed = concatBytes(bytes.subarray(0, contents.start), bytes.subarray(contents.end));
  const cms = withoutPadding(contents.bytes);
  const { certificate, intermediates, certSha256 } = verifyDetached(signed, cms, 'certificate-hash');
  requireSigningCertificate(cms, certificate);
  return {
    covered: true,
    certSha256,
    certificate,
    intermediates,
    signedAt,
    facts: factsOf(file, root),
    sha256: toHex(sha256(bytes)),
  };
}

type Signature = {
  readonly contents: PdfText;
  readonly byteRange: PdfValue | undefined;
  readonly signedAt: string;
  /** Offset of the date text inside /M, where a signer writes the time. */
  readonly dateStart: number;
};

/** The one signature field of the form. */
export function signatureOf(file: PdfFile, root: PdfDictionary): Signature {
  const form = asDictionary(file.resolve(root.get('AcroForm')));
  const fields = file.resolve(form.get('Fields'));
  if (!Array.isArray(fields) || fields.length !== 1) throw new PdfShape('not exactly one signature field');
  const field = asDictionary(file.resolve(fields[0] as PdfValue));
  const signature = asDictionary(file.resolve(field.get('V')));
  if (nameOf(signature.get('SubFilter')) !== 'ETSI.CAdES.detached') throw new PdfShape('another kind of signature');
  const contents = signature.get('Contents');
  if (!isText(contents) || !contents.hex) throw new PdfShape('signature without contents');
  const date = signature.get('M');
  if (!isText(date)) throw new PdfShape('signature without a time');
  return { contents, byteRange: signature.get('ByteRange'), signedAt: instantOf(date), dateStart: date.start + 1 };
}

function requireCoverage(byteRange: PdfValue | undefined, contents: PdfText, length: number): void {
  const expected = [0, contents.start, contents.end, length - contents.end];
  if (!Array.isArray(byteRange) || byteRange.length !== 4 || byteRange.some((n, i) => n !== expected[i]))
    throw new FormatError('pdf-coverage', `ByteRange is not [${expected.join(' ')}]`);
}

/** The CMS bytes; the room reserved behind them must be zeros. */
function withoutPadding(contents: Uint8Array): Uint8Array {
  const [tag, first] = contents;
  if (tag !== 0x30 || first === undefined) throw new FormatError('certificate-hash', 'no signature');
  const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
  if (sizeBytes > 3) throw new FormatError('certificate-hash', 'signature of another form');
  const size = sizeBytes === 0 ? first : contents.subarray(2, 2 + sizeBytes).reduce((sum, b) => sum * 256 + b, 0);
  const end = 2 + sizeBytes + size;
  if (contents.subarray(end).some((b) => b !== 0))
    throw new FormatError('pdf-coverage', 'bytes hidden behind the signature');
  return contents.subarray(0, end);
}

/**
 * The attribute signing-certificate-v2 (RFC 5035) with the default SHA-256 and no issuer: forge's own comes out empty,
 * so it is put together by hand, here for both who signs and who checks.
 */
export function signingCertificateAttribute(certificate: Certificate): Asn1 {
  const certificateId = sequence(octets(sha256(certificateToDer(certificate))));
  return attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(certificateId)));
}

/** PAdES B-B: the signed attributes name the certificate, so that it cannot be exchanged for another of the same key. */
function requireSigningCertificate(cms: Uint8Array, certificate: Certificate): void {
  const wanted = encodeDer(signingCertificateAttribute(certificate));
  if (!signedAttributes(cms).some((found) => equalBytes(encodeDer(found), wanted)))
    throw new FormatError('cms-attributes', 'the signature does not name its certificate');
}

/** The signed attributes of the one signer (RFC 5652 5.3) of a signature that has been verified. */
function signedAttributes(cms: Uint8Array): readonly Asn1[] {
  const [, wrapped] = partsOf(parseDer(cms), 'SEQUENCE');
  const data = partsOf((wrapped!.value as Asn1[])[0], 'SEQUENCE');
  const signer = partsOf(partsOf(data.at(-1), 'SET')[0], 'SEQUENCE');
  return signer[3]!.value as Asn1[];
}

/** The attachment that the catalogue names as the document's data (ISO 19005-3, 6.8). */
function factsOf(file: PdfFile, root: PdfDictionary): Uint8Array | null {
  if (!root.has('AF')) return null;
  const files = file.resolve(root.get('AF'));
  if (!Array.isArray(files) || files.length !== 1) throw new PdfShape('not exactly one attachment');
  const specification = asDictionary(file.resolve(files[0] as PdfValue));
  if (nameOf(specification.get('AFRelationship')) !== 'Data') throw new PdfShape('the attachment is not its data');
  return file.plainStream(asDictionary(file.resolve(specification.get('EF'))).get('F'));
}

function nameOf(value: PdfValue | undefined): string | null {
  return isKind(value, 'name') ? (value as PdfName).name : null;
}

function isText(value: PdfValue | undefined): value is PdfText {
  return isKind(value, 'text');
}

function isKind(value: PdfValue | undefined, kind: string): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** A PDF date in UTC, `D:20261124010000Z`, as this platform writes it. */
function instantOf(value: PdfText): string {
  const text = String.fromCharCode(...value.bytes.subarray(0, 32));
  const found = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!found) throw new PdfShape('signature without a time');
  const [, year, month, day, hour, minute, second] = found;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.000000Z`;
}
