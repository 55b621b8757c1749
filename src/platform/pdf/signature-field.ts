/** The signature field (ISO 32000-1, 12.8), kept empty until `signPdf` fills it. */
import type { Document } from './paper.ts';

/** Room for the CMS: signature, chain of three certificates of 4096 bits, later a timestamp. */
export const signatureRoomBytes = 12_288;

/** Ten digits, the most that the table of a PDF can address. */
export const byteRangePlaceholder = '**********';

type Inner = {
  ref(data: Record<string, unknown>): { end(): void };
  _root: { data: Record<string, unknown> };
  page: { dictionary: { data: { Annots?: unknown[] } }; annotations: unknown[] };
  switchToPage(n: number): unknown;
  endAcroForm(): unknown;
};

/** Adds an invisible field on the first page. Print flag set and no appearance needed at size zero (ISO 19005-3, 6.3). */
export function addSignatureField(doc: Document, date: Date): void {
  const inner = doc as unknown as Inner;
  inner.switchToPage(0);
  const signature = inner.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, byteRangePlaceholder, byteRangePlaceholder, byteRangePlaceholder],
    Contents: new Uint8Array(signatureRoomBytes),
    M: date,
  });
  const widget = inner.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: asText('Signature1'),
    Rect: [0, 0, 0, 0],
    F: 4 + 128, // print, locked
    P: inner.page.dictionary,
    V: signature,
  });
  const form = inner.ref({ SigFlags: 3, Fields: [widget] });
  inner.page.annotations.push(widget);
  inner._root.data.AcroForm = form;
  // pdfkit's own end of the form adds fonts and NeedAppearances, which an archived file must not have.
  inner.endAcroForm = () => inner;
  signature.end();
  widget.end();
  form.end();
}

/** pdfkit writes primitive strings as names and String objects as texts. */
const asText = (value: string) => new String(value);
