import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeLayout } from '../src/awards/notice-layout.ts';
import { fromUtf8, sha256Hex } from '../src/formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../src/formats/canonical.ts';
import { certificateFacts } from '../src/formats/certificate-facts.ts';
import { asDictionary, readPdf } from '../src/formats/pdf-file.ts';
import { verifyPdf } from '../src/formats/pdf-signature.ts';
import {
  amountInWords,
  certificate,
  dayInWords,
  hasRareFont,
  type Page,
  PdfError,
  renderPdf,
  timeInWords,
} from '../src/platform/pdf/index.ts';
import { breakLines } from '../src/platform/pdf/lines.ts';
import { sampleCertificates, sampleNotice, sampleResult } from './support/certificate-samples.ts';
import { testAuthority } from './support/signing-keys.ts';

const key = testAuthority().signer('江城市公共资源交易中心');
const samples = await sampleCertificates(key);
const kinds = Object.keys(samples);

const options = {
  title: '测试',
  lang: 'zh-CN',
  issuer: '江城市公共资源交易中心',
  number: 'T-1',
  at: Temporal.Instant.from('2026-12-01T01:00:00Z'),
};
const drawing = (draw: (page: Page) => void) => renderPdf(draw, options);

describe('facts inside a certificate', () => {
  it.each(kinds)('%s: the bytes come back as they went in', (kind) => {
    const { pdf, facts, sha256, factsSha256 } = samples[kind]!;
    const verified = verifyPdf(pdf);
    expect(verified.facts).toEqual(facts);
    expect(verified.sha256).toBe(sha256);
    expect(sha256Hex(facts)).toBe(factsSha256);
    expect(parseCanonical(certificateFacts, verified.facts!)).toMatchObject({ kind });
  });

  it('that break their schema make no document', async () => {
    await expect(certificate(noticeLayout, { ...sampleNotice, contractBy: '31.12.2026' }, key)).rejects.toThrow();
    const foreign = { ...sampleNotice, remark: 'x' };
    await expect(certificate(noticeLayout, foreign, key)).rejects.toThrow('remark');
  });

  it('of one kind are not those of another', () => {
    const mixed = canonicalBytes({ ...sampleResult, kind: 'award-notice' });
    expect(() => parseCanonical(certificateFacts, mixed)).toThrow('schema');
  });

  it('may hold what looks like a signature without confusing the check', async () => {
    const tricky = '/ByteRange [0 /********** /********** /**********] %%EOF endobj stream';
    const project = { ...sampleNotice.project, name: tricky };
    const made = await certificate(noticeLayout, { ...sampleNotice, project }, key);
    expect(fromUtf8(verifyPdf(made.pdf).facts!)).toContain(tricky);
  });
});

describe('the file', () => {
  it('is the same for the same input', async () => {
    const again = await certificate(noticeLayout, sampleNotice, key);
    expect(again.sha256).toBe(samples['award-notice']!.sha256);
  });

  it.each(kinds)('%s: tagged, in Chinese, titled, PDF/A-3b with sRGB and one attachment', (kind) => {
    const file = readPdf(samples[kind]!.pdf);
    const root = asDictionary(file.resolve(file.trailer.get('Root')));
    expect(asDictionary(file.resolve(root.get('MarkInfo'))).get('Marked')).toBe(true);
    expect(root.has('StructTreeRoot') && root.has('OutputIntents')).toBe(true);
    const metadata = fromUtf8(file.plainStream(root.get('Metadata')));
    expect(metadata).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(metadata).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    expect(asDictionary(file.resolve(root.get('ViewerPreferences'))).get('DisplayDocTitle')).toBe(true);
    expect(root.get('Lang')).toMatchObject({ kind: 'text' });
  });

  it('keeps its metadata well-formed whatever the title holds', async () => {
    const pdf = await renderPdf((page) => page.title({ zh: '标题' }), { ...options, title: '<x:y> & "z" </rdf:RDF>' });
    const file = readPdf(pdf);
    const root = asDictionary(file.resolve(file.trailer.get('Root')));
    const metadata = fromUtf8(file.plainStream(root.get('Metadata')));
    expect(metadata).toContain('&#60;x:y&#62; &#38;');
    expect(metadata.match(/<\/rdf:RDF>/g)).toHaveLength(1);
  });
});

describe('characters', () => {
  it('without a glyph are an error that names them, never a box', async () => {
    const refused = drawing((page) => page.paragraph({ zh: `李\u{E0FF}明` }));
    await expect(refused).rejects.toMatchObject({ code: 'glyph-missing', detail: expect.stringContaining('U+E0FF') });
    await expect(drawing((page) => page.facts([{ label: { zh: '名' }, value: '\u{10FFFD}' }]))).rejects.toThrow(
      PdfError,
    );
    await expect(
      drawing((page) => page.table({ columns: [{ head: { zh: '名' }, share: 1 }], rows: [['\u{E000}']], summary: '' })),
    ).rejects.toThrow('U+E000');
  });

  it('that are rare take the second font, or are refused where it is not installed', async () => {
    const drawn = drawing((page) => page.paragraph({ zh: '\u{20BB7}野家建设有限公司' }));
    if (hasRareFont()) expect(fromUtf8((await drawn).subarray(0, 8))).toBe('%PDF-1.7');
    else await expect(drawn).rejects.toThrow('U+20BB7');
  });

  it('of the national table beyond the basic plane are there', async () => {
    // 𬭎 𫖯 𬤊 𬱟: table three of 通用规范汉字表 (2013), as names use them.
    await expect(
      drawing((page) => page.paragraph({ zh: '\u{2CB4E}\u{2B5AF}\u{2C90A}\u{2CC5F}' })),
    ).resolves.toBeDefined();
  });
});

describe('a table row taller than a page', () => {
  it('is an error, not a text that runs off the paper', async () => {
    const rows = [['长'.repeat(9_000)]];
    const drawn = drawing((page) => page.table({ columns: [{ head: { zh: '列' }, share: 1 }], rows, summary: '' }));
    await expect(drawn).rejects.toMatchObject({ code: 'block-too-tall' });
  });
});

describe('pictures from anybody', () => {
  const png = (colour: number, interlaced = 0, extra: readonly (readonly [string, Uint8Array])[] = []) => {
    const chunk = (type: string, data: Uint8Array) => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
      const [size, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
      size.writeUInt32BE(data.length);
      crc.writeUInt32BE(crc32(body));
      return Buffer.concat([size, body, crc]);
    };
    const channels = [1, 0, 3, 1, 2, 0, 4][colour]!;
    const header = Buffer.from([0, 0, 0, 4, 0, 0, 0, 4, 8, colour, 0, 0, interlaced]);
    const data = deflateSync(Buffer.alloc(4 * (1 + 4 * channels)));
    const chunks = [chunk('IHDR', header), ...extra.map(([type, bytes]) => chunk(type, bytes)), chunk('IDAT', data)];
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks, chunk('IEND', Buffer.alloc(0))]);
  };
  const palette = ['PLTE', Buffer.alloc(6)] as const;
  const imagesIn = async (bytes: Uint8Array) => {
    const pdf = await drawing((page) => page.picture({ bytes, alt: '照片', caption: '照片 1' }));
    return Buffer.from(pdf).toString('latin1').split('/Subtype /Image').length - 1;
  };

  it.each<[string, Uint8Array, number]>([
    ['colours', png(2), 1],
    ['greys', png(0), 1],
    ['a palette', png(3, 0, [palette]), 1],
    ['alpha', png(6), 0],
    ['a palette with transparency', png(3, 0, [palette, ['tRNS', Buffer.alloc(2)]]), 0],
    ['interlacing', png(2, 1), 0],
    ['nothing after its head', png(2).subarray(0, 33), 0],
    ['only the signature of a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 0],
    [
      'the colours of a printer',
      Buffer.from('ffd8ffc0001108000400040401110002110103110104110 0'.replace(' ', ''), 'hex'),
      0,
    ],
    ['no picture at all', Buffer.from('hello'), 0],
  ])('a file with %s', async (_, bytes, images) => {
    expect(await imagesIn(bytes)).toBe(images);
  });
});

describe('amounts in words (支付结算办法, annex 1)', () => {
  it.each([
    ['0', '人民币零元整'],
    ['1', '人民币壹分'],
    ['10', '人民币壹角整'],
    ['105', '人民币壹元零伍分'],
    ['32504', '人民币叁佰贰拾伍元零肆分'],
    ['140950', '人民币壹仟肆佰零玖元伍角整'],
    ['600714', '人民币陆仟零柒元壹角肆分'],
    ['1680032', '人民币壹万陆仟捌佰元叁角贰分'],
    ['4860000000', '人民币肆仟捌佰陆拾万元整'],
    ['100000100', '人民币壹佰万零壹元整'],
    ['10000000000', '人民币壹亿元整'],
    ['10000000100', '人民币壹亿零壹元整'],
    ['100001000000', '人民币壹拾亿零壹万元整'],
    ['1000000000000', '人民币壹佰亿元整'],
    ['123456789012', '人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分'],
  ])('%s fen: %s', (fen, words) => {
    expect(amountInWords(fen)).toBe(words);
  });

  it('says days and times in Beijing', () => {
    expect(dayInWords('2026-12-01')).toBe('2026年12月1日');
    expect(timeInWords('2026-11-24T16:00:00.000000Z')).toBe('2026年11月25日 00:00:00');
  });
});

describe('lines', () => {
  /** Every Chinese character is 10 wide, everything else 5. */
  const measure = (text: string) =>
    [...text].reduce((sum, c) => sum + (/[\u3000-\u9FFF\uFF00-\uFFEF]/.test(c) ? 10 : 5), 0);
  const linesOf = (text: string, width: number) =>
    breakLines(text, measure, width, 0).map((line) => line.pieces.map((piece) => piece.text).join(''));

  it('break between Chinese characters, never before a closing or after an opening mark', () => {
    expect(linesOf('本凭证依据招标投标法，第四十五条出具。', 100)).toEqual([
      '本凭证依据招标投标',
      '法，第四十五条出具。',
    ]);
    expect(linesOf('一二三四五六七八九（十）', 100)).toEqual(['一二三四五六七八九', '（十）']);
  });

  it('keep Latin words and figures whole, and cut only what is wider than the line', () => {
    expect(linesOf('合同价 48,600,000.00 元', 80)).toEqual(['合同价', '48,600,000.00 元']);
    expect(linesOf('a'.repeat(25), 50)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]);
  });

  it('set a gap between Chinese and Latin', () => {
    expect(breakLines('第3条', measure, 100, 2)[0]).toEqual({
      width: 29,
      pieces: [
        { text: '第', x: 0 },
        { text: '3', x: 12 },
        { text: '条', x: 19 },
      ],
    });
  });

  it('draw neighbouring marks together', () => {
    expect(breakLines('甲）（乙', measure, 100, 0)[0]).toMatchObject({ width: 35 });
    expect(breakLines('甲）。', measure, 100, 0)[0]).toMatchObject({ width: 25 });
  });

  it('lose no character and are never wider than the column', () => {
    const alphabet = fc.constantFrom(...'招标投标法，。（）「」 abc 0123,.%\n');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 120 }), fc.integer({ min: 60, max: 200 }), (text, width) => {
        const lines = breakLines(text, measure, width, 1);
        const kept = lines.flatMap((line) => line.pieces.map((piece) => piece.text)).join('');
        expect(kept.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const line of lines) expect(line.width).toBeLessThanOrEqual(width);
      }),
    );
  });
});
