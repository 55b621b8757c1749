/** PAdES baseline B-B (ETSI EN 319 142-1): the CMS names its certificate, the time stands in /M and not in the CMS. */
import { concatBytes, sha256, utf8 } from '../../formats/bytes.ts';
import { buildSignedData, type SigningKey } from '../../formats/cms.ts';
import { asDictionary, readPdf } from '../../formats/pdf-file.ts';
import { signatureOf, signingCertificateAttribute } from '../../formats/pdf-signature.ts';
import { PdfError } from './fonts.ts';
import { byteRangePlaceholder } from './signature-field.ts';

const emptyRange = `/ByteRange [0 /${byteRangePlaceholder} /${byteRangePlaceholder} /${byteRangePlaceholder}]`;

/**
 * Fills the signature field of a PDF from `renderPdf`. Throws PdfError `no-signature-field` where there is none or it
 * is filled, `signature-too-large` where the chain does not fit.
 */
export async function signPdf(pdf: Uint8Array, key: SigningKey, at: Temporal.Instant): Promise<Uint8Array> {
  const file = readPdf(pdf);
  const { contents, dateStart } = signatureOf(file, asDictionary(file.resolve(file.trailer.get('Root'))));
  const range = [0, contents.start, contents.end, pdf.length - contents.end];
  const out = pdf.slice();
  // The field's dictionary is ours, and /ByteRange stands right before /Contents in it.
  const rangeStart = contents.start - '\n/Contents '.length - emptyRange.length;
  const found = String.fromCharCode(...out.subarray(rangeStart, rangeStart + emptyRange.length));
  if (found !== emptyRange) throw new PdfError('no-signature-field', 'the field is missing or filled');
  out.set(utf8(`/ByteRange [${range.join(' ')}]`.padEnd(emptyRange.length)), rangeStart);
  out.set(utf8(`D:${at.toString({ smallestUnit: 'second' }).replace(/[-:T]/g, '')}`), dateStart);
  const signed = concatBytes(out.subarray(0, contents.start), out.subarray(contents.end));
  const cms = buildSignedData(key, sha256(signed), [signingCertificateAttribute(key.certificate)]);
  if (cms.length > contents.bytes.length) throw new PdfError('signature-too-large', `${cms.length} bytes`);
  out.set(utf8(Buffer.from(cms).toString('hex')), contents.start + 1);
  return out;
}
