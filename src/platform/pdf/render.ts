/**
 * Renders a layout to PDF/A-3b: tagged, fonts embedded, colours in sRGB, the JSON facts attached, and room for one
 * signature over the whole file (a single revision, so that there is nothing before or after it to wonder about).
 */
import PDFDocument from 'pdfkit';
import { drawFurniture, type Furniture } from './furniture.ts';
import { type Page, pageOver } from './page.ts';
import type { Document, Paper } from './paper.ts';
import { addSignatureField } from './signature-field.ts';
import { sheet } from './tokens.ts';

export type RenderOptions = Furniture & {
  readonly title: string;
  /** BCP 47: zh-CN for nearly all documents. */
  readonly lang: string;
  /** Canonical JSON that machines read instead of the page. */
  readonly facts?: { readonly name: string; readonly bytes: Uint8Array };
  /** Date of the document; the same input gives the same bytes. */
  readonly at: Temporal.Instant;
};

/** Draws the layout and answers an unsigned PDF for `signPdf`. Throws PdfError (`glyph-missing`, `block-too-tall`). */
export async function renderPdf(layout: (page: Page) => void, options: RenderOptions): Promise<Uint8Array> {
  const date = new Date(options.at.epochMilliseconds);
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    font: '',
    bufferPages: true,
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    tagged: true,
    displayTitle: true,
    lang: options.lang,
    info: {
      Title: options.title,
      ...(options.issuer ? { Author: options.issuer } : {}),
      Creator: 'Yangguang',
      Producer: 'Yangguang',
      CreationDate: date,
    },
  } as never) as Document;
  escapeMetadata(doc);
  const finished = collect(doc);
  const root = doc.struct('Document', { lang: options.lang } as never);
  doc.addStructure(root);
  const paper: Paper = { doc, root, y: sheet.top, left: sheet.left, width: sheet.width - sheet.left - sheet.right };
  layout(pageOver(paper));
  root.end();
  drawFurniture(paper, options);
  if (options.facts) attach(doc, options.facts, date);
  addSignatureField(doc, date);
  doc.end();
  return finished;
}

/** The attachment stays uncompressed, so that a check needs no inflater. */
function attach(doc: Document, facts: { name: string; bytes: Uint8Array }, date: Date): void {
  const inner = doc as unknown as { compress: boolean };
  inner.compress = false;
  doc.file(Buffer.from(facts.bytes), {
    name: facts.name,
    type: 'application/json',
    description: '本文件的结构化内容 Facts of this document',
    relationship: 'Data',
    creationDate: date,
    modifiedDate: date,
  } as PDFKit.Mixins.PDFAttachmentOptions);
  inner.compress = true;
}

/** pdfkit writes title and author into the XMP packet as they are; what they hold must not become markup. */
function escapeMetadata(doc: Document): void {
  const inner = doc as unknown as { info: Record<string, unknown>; _addInfo(): void };
  const add = inner._addInfo.bind(inner);
  inner._addInfo = () => {
    const plain = inner.info;
    const escaped = Object.entries(plain).map(([key, value]) => [key, typeof value === 'string' ? xml(value) : value]);
    inner.info = Object.fromEntries(escaped);
    add();
    inner.info = plain;
  };
}

const xml = (value: string) => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function collect(doc: Document): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.once('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    doc.once('error', reject);
  });
}
