import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromUtf8, sha256, utf8 } from '../src/formats/bytes.ts';
import { checkCertificate } from '../src/formats/certificate-check.ts';
import { buildSignedData, certificateSha256, type SigningKey, verifyChain } from '../src/formats/cms.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { asDictionary, readPdf } from '../src/formats/pdf-file.ts';
import { PdfReader, PdfSyntax } from '../src/formats/pdf-objects.ts';
import { signatureOf, signingCertificateAttribute, verifyPdf } from '../src/formats/pdf-signature.ts';
import { signPdf } from '../src/platform/pdf/index.ts';
import { sampleCertificates, sampleHash } from './support/certificate-samples.ts';
import { testAuthority } from './support/signing-keys.ts';

const authority = testAuthority();
const key = authority.signer('江城市公共资源交易中心');
const other = authority.signer('另一个签名人');
const sample = (await sampleCertificates(key))['award-notice']!;
const { pdf } = sample;

/** The reason code that a call ends with, or 'accepted'. */
function codeOf(call: () => unknown): string {
  try {
    call();
    return 'accepted';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

const verdict = (bytes: Uint8Array) => codeOf(() => verifyPdf(bytes));

const signature = (bytes: Uint8Array) => {
  const file = readPdf(bytes);
  return signatureOf(file, asDictionary(file.resolve(file.trailer.get('Root'))));
};
const { contents } = signature(pdf);

const changed = (at: number, byte: number, bytes = pdf) => {
  const out = bytes.slice();
  out[at] = byte;
  return out;
};
const replaced = (from: string, to: string) => {
  const at = Buffer.from(pdf).indexOf(from);
  expect(at).toBeGreaterThan(0);
  expect(utf8(to).length).toBe(utf8(from).length);
  const out = pdf.slice();
  out.set(utf8(to), at);
  return out;
};

/** What an insider with the key can do: any ByteRange, any attributes, signed again. */
function resigned(
  signer: SigningKey,
  range: readonly number[],
  options: { attribute?: boolean; pad?: Uint8Array } = {},
) {
  const out = pdf.slice();
  const start = Buffer.from(out).lastIndexOf('/ByteRange [', contents.start);
  const end = out.indexOf(0x0a, start);
  out.set(utf8(`/ByteRange [${range.join(' ')}]`.padEnd(end - start)), start);
  const signed = concatBytes(out.slice(range[0]!, range[0]! + range[1]!), out.slice(range[2]!, range[2]! + range[3]!));
  const attributes = options.attribute === false ? [] : [signingCertificateAttribute(signer.certificate)];
  const cms = concatBytes(buildSignedData(signer, sha256(signed), attributes), options.pad ?? new Uint8Array());
  out.set(
    utf8(
      Buffer.from(cms)
        .toString('hex')
        .padEnd(contents.bytes.length * 2, '0'),
    ),
    contents.start + 1,
  );
  return out;
}
const whole = [0, contents.start, contents.end, pdf.length - contents.end] as const;

describe('a signed PDF', () => {
  it('is covered, names its certificate and time, and carries the chain', () => {
    const verified = verifyPdf(pdf);
    expect(verified).toMatchObject({
      covered: true,
      certSha256: certificateSha256(key.certificate),
      signedAt: '2026-12-01T01:00:00.000000Z',
    });
    verifyChain(
      verified.certificate,
      verified.intermediates,
      [authority.root.certificate],
      Temporal.Instant.from(verified.signedAt),
    );
  });

  it('re-signed as it stands verifies under the other certificate, so the caller must look at it', () => {
    expect(verifyPdf(resigned(other, whole)).certSha256).toBe(certificateSha256(other.certificate));
  });

  it('is signed once only', async () => {
    const again = signPdf(pdf, key, Temporal.Instant.from('2026-12-02T01:00:00Z'));
    await expect(again).rejects.toMatchObject({ code: 'no-signature-field' });
  });
});

describe('coverage (pdf-coverage)', () => {
  /** A real second revision: it replaces an object and leads back to the first table. */
  const revision = () => {
    const table = /startxref\n(\d+)\n%%EOF\n$/.exec(fromUtf8(pdf.slice(-40)))![1]!;
    const object = `9 0 obj\n<< /Type /Annot >>\nendobj\n`;
    const at = pdf.length + object.length;
    const tail = `xref\n0 1\n0000000000 65535 f \n9 1\n${String(pdf.length).padStart(10, '0')} 00000 n \ntrailer\n<<\n/Size 10\n/Root 3 0 R\n/Prev ${table}\n>>\nstartxref\n${at}\n%%EOF\n`;
    return concatBytes(pdf, utf8(object + tail));
  };

  it.each<[string, () => Uint8Array]>([
    ['bytes behind the end of the file', () => concatBytes(pdf, utf8('x'))],
    ['a line break behind the end of the file', () => concatBytes(pdf, utf8('\n'))],
    ['a revision added later', revision],
    ['the last bytes left out, signed so by the key', () => resigned(key, [0, whole[1], whole[2], whole[3] - 10])],
    ['the first bytes left out, signed so by the key', () => resigned(key, [20, whole[1] - 20, whole[2], whole[3]])],
    ['a wider gap, signed so by the key', () => resigned(key, [0, whole[1] - 30, whole[2], whole[3]])],
    ['a gap behind the signature, signed so', () => resigned(key, [0, whole[1], whole[2] + 40, whole[3] - 40])],
    ['an empty first range', () => resigned(key, [0, 0, whole[2], whole[3]])],
    ['bytes hidden behind the signature in its field', () => resigned(key, whole, { pad: utf8('hidden') })],
  ])('%s', (_, tampered) => {
    expect(verdict(tampered())).toBe('pdf-coverage');
  });
});

describe('changed after signing (certificate-hash)', () => {
  it.each<[string, () => Uint8Array]>([
    ['the price in the facts', () => replaced('"priceFen":"4860000000"', '"priceFen":"4760000000"')],
    ['the time of signing', () => replaced('(D:20261201010000Z)\n>>', '(D:20261101010000Z)\n>>')],
    [
      'a byte of the signature itself',
      () => changed(contents.start + 900, pdf[contents.start + 900] === 0x30 ? 0x31 : 0x30),
    ],
    ['the table of objects', () => changed(Buffer.from(pdf).lastIndexOf(' 00000 n ') - 1, 0x39)],
    ['cut off at the end', () => pdf.slice(0, -200)],
    ['an empty file', () => new Uint8Array()],
    ['a text', () => utf8('not a PDF')],
    [
      'a signature of zeros',
      () => {
        const out = pdf.slice();
        out.fill(0x30, contents.start + 1, contents.end - 1);
        return out;
      },
    ],
  ])('%s', (_, tampered) => {
    expect(verdict(tampered())).toBe('certificate-hash');
  });

  it('a signature that does not name its certificate is no PAdES signature', () => {
    expect(verdict(resigned(key, whole, { attribute: false }))).toBe('cms-attributes');
    expect(verdict(resigned(key, whole))).toBe('accepted');
  });

  it('any byte flipped outside the signature field is found', () => {
    const outside = fc
      .integer({ min: 0, max: pdf.length - (contents.end - contents.start) - 1 })
      .map((at) => (at < contents.start ? at : at + contents.end - contents.start));
    fc.assert(
      fc.property(outside, fc.integer({ min: 1, max: 255 }), (at, flip) => {
        expect(verdict(changed(at, pdf[at]! ^ flip))).not.toBe('accepted');
      }),
      { numRuns: 400 },
    );
  });

  it('a flip inside the field is found, or it touches only what no signature covers: a hex digit, the chain', () => {
    const known = verifyPdf(pdf);
    fc.assert(
      fc.property(
        fc.integer({ min: contents.start, max: contents.end - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const tampered = changed(at, pdf[at]! ^ flip);
          if (verdict(tampered) === 'accepted') {
            expect(verifyPdf(tampered)).toMatchObject({ certSha256: known.certSha256, facts: known.facts });
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('rubbish of any kind ends in a reason code', () => {
    const fragment = fc.constantFrom(
      '<<',
      '>>',
      '/',
      '(',
      ')',
      '[',
      ']',
      '1 0 R',
      'obj',
      'stream',
      '%%EOF',
      '\n',
      '<00',
      '9999999999',
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: pdf.length }), fc.array(fragment, { maxLength: 40 }), (at, words) => {
        const noise = utf8(words.join(' '));
        const end = Math.min(pdf.length, at + noise.length);
        expect(verdict(concatBytes(pdf.slice(0, at), noise, pdf.slice(end)))).toMatch(/^[a-z-]+$/);
        expect(verdict(noise)).toMatch(/^[a-z-]+$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a certificate against the log', () => {
  const { sha256: pdfSha256, factsSha256 } = sample;
  const logged = { pdfSha256, factsSha256, kind: 'award-notice', number: 'ZS-2026-GC-0001-2-ZBTZ' };
  const log = () => sampleHash;
  const against = (
    bytes: Uint8Array,
    entry: Partial<typeof logged> = {},
    leafHashAt: (index: bigint) => string | null = log,
  ) => codeOf(() => checkCertificate(bytes, { ...logged, ...entry }, leafHashAt));

  it('is the file that was issued, with the facts and entries that were logged', () => {
    expect(against(pdf)).toBe('accepted');
  });

  it.each<[string, string, () => string]>([
    ['re-signed by another key', 'certificate-hash', () => against(resigned(other, whole))],
    ['a byte changed', 'certificate-hash', () => against(changed(60, 0x20))],
    ['bytes appended', 'pdf-coverage', () => against(concatBytes(pdf, utf8('\n')))],
    ['another file logged', 'certificate-hash', () => against(pdf, { pdfSha256: sampleHash })],
    ['other facts logged', 'certificate-facts', () => against(pdf, { factsSha256: sampleHash })],
    ['another kind logged', 'certificate-facts', () => against(pdf, { kind: 'result-certificate' })],
    ['another number logged', 'certificate-facts', () => against(pdf, { number: 'X' })],
    ['an entry that is not in the log', 'certificate-facts', () => against(pdf, {}, () => null)],
    [
      'an entry that says something else',
      'certificate-facts',
      () => against(pdf, {}, (n) => (n === 1420n ? pdfSha256 : sampleHash)),
    ],
  ])('%s: %s', (_, code, tampered) => {
    expect(tampered()).toBe(code);
  });
});

describe('reading PDF objects', () => {
  const read = (text: string) => new PdfReader(utf8(text)).value();

  it.each<[string, unknown]>([
    ['12', 12],
    ['-1.5', -1.5],
    ['true', true],
    ['null', null],
    ['/Name', { kind: 'name', name: 'Name' }],
    ['7 0 R', { kind: 'reference', object: 7 }],
    ['[1 2]', [1, 2]],
    ['(a(b)\\)c)', { kind: 'text', hex: false, bytes: utf8('a(b))c'), start: 0, end: 9 }],
    ['<0aFF>', { kind: 'text', hex: true, bytes: Uint8Array.of(10, 255), start: 0, end: 6 }],
  ])('%s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    '<< /A 1 /A 2 >>',
    '<< /A',
    '(open',
    '<0g>',
    '<0',
    'word',
    `${'['.repeat(40)}`,
    '',
    '--1',
    `/${'n'.repeat(200)}`,
  ])('refuses %s', (text) => {
    expect(() => read(text)).toThrow(PdfSyntax);
  });
});
