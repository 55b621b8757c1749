/** One PDF builder for every document that the platform issues. Grade: library of the platform, knows no domain. */

export { type CertificateLayout, certificate, type IssuedCertificate } from './certificate.ts';
export { hasRareFont, PdfError } from './fonts.ts';
export type { Page } from './page.ts';
export { renderPdf } from './render.ts';
export { signPdf } from './sign.ts';
export { amountInWords, dayInWords, timeInWords, yuanText } from './words.ts';
