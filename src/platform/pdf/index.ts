/** One PDF builder for every document that the platform issues. Grade: library of the platform, knows no domain. */

export { type CertificateLayout, certificate, type IssuedCertificate } from './certificate.ts';
export type { CheckBlock } from './check-block.ts';
export type { FactRow } from './fact-rows.ts';
export { hasRareFont, PdfError } from './fonts.ts';
export type { Page, Words } from './page.ts';
export type { Picture } from './picture.ts';
export { type RenderOptions, renderPdf } from './render.ts';
export { signPdf } from './sign.ts';
export type { CellText, Column, Table } from './table.ts';
export { amountInWords, dayInWords, hashInGroups, timeInWords, yuanText } from './words.ts';
