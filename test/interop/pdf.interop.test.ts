/** Programs that this project did not write accept the certificates: poppler, qpdf, openssl. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/formats/bytes.ts';
import { certificateToPem } from '../../src/formats/cms.ts';
import { asDictionary, readPdf } from '../../src/formats/pdf-file.ts';
import { signatureOf } from '../../src/formats/pdf-signature.ts';
import { renderPdf, signPdf } from '../../src/platform/pdf/index.ts';
import { sampleCertificates } from '../support/certificate-samples.ts';
import { testAuthority } from '../support/signing-keys.ts';

const ci = process.env.CI === 'true';
/** Without the program the tests are skipped with its name; in CI they run and fail. */
const missing = (program: string, flag: string): boolean => {
  const found = spawnSync(program, [flag]).error === undefined;
  if (!found && !ci) console.warn(`skipped: ${program} is not installed`);
  return !found && !ci;
};

const dir = mkdtempSync(join(tmpdir(), 'yangguang-pdf-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
};
const attempt = (program: string, args: string[]) => spawnSync(program, args);
const output = (program: string, args: string[]) => execFileSync(program, args, { encoding: 'utf8' });

const authority = testAuthority();
const key = authority.signer('江城市公共资源交易中心');
const samples = await sampleCertificates(key);
const kinds = Object.keys(samples);
const paths = Object.fromEntries(kinds.map((kind) => [kind, file(`${kind}.pdf`, samples[kind]!.pdf)]));

/** A table over several pages. */
const long = await renderPdf(
  (page) => {
    page.title({ zh: '长表', en: 'A long table' });
    page.table({
      summary: '长表',
      columns: [
        { head: { zh: '列名甲', en: 'First' }, share: 1 },
        { head: { zh: '列名乙' }, share: 3 },
      ],
      rows: Array.from({ length: 150 }, (_, i) => [`行${i + 1}号`, '内容内容内容'.repeat((i % 7) + 1)]),
    });
  },
  { title: '长表', lang: 'zh-CN', issuer: '中心', number: 'T-1', at: Temporal.Instant.from('2026-12-01T01:00:00Z') },
);
const longPath = file('long.pdf', await signPdf(long, key, Temporal.Instant.from('2026-12-01T01:00:00Z')));

describe.skipIf(missing('pdfsig', '-v'))('pdfsig', () => {
  it.each(kinds)('%s: valid, and the whole document is signed', (kind) => {
    const said = output('pdfsig', ['-nocert', paths[kind]!]);
    expect(said).toContain('Signature is Valid.');
    expect(said).toContain('Total document signed');
    expect(said).toContain('ETSI.CAdES.detached');
    expect(said).toContain('江城市公共资源交易中心');
  });

  it('sees that a changed file is not valid, and that an appended one is not covered', () => {
    const { pdf } = samples['award-notice']!;
    const changed = pdf.slice();
    const at = Buffer.from(pdf).indexOf('"priceFen":"4860000000"') + 13;
    changed[at] = 0x39;
    expect(output('pdfsig', ['-nocert', file('changed.pdf', changed)])).toContain('Digest Mismatch');
    const longer = file('longer.pdf', concatBytes(pdf, new TextEncoder().encode('\n% more\n')));
    expect(output('pdfsig', ['-nocert', longer])).toContain('Not total document signed');
  });
});

describe.skipIf(missing('qpdf', '--version'))('qpdf', () => {
  it.each([...kinds, 'long'])('%s: no syntax or stream errors', (kind) => {
    expect(output('qpdf', ['--check', paths[kind] ?? longPath])).toContain('No syntax or stream encoding errors found');
  });
});

describe.skipIf(missing('pdfdetach', '-v'))('pdfdetach', () => {
  it.each(kinds)('%s: takes out the facts that were put in', (kind) => {
    const saved = join(dir, `${kind}.json`);
    output('pdfdetach', ['-save', '1', '-o', saved, paths[kind]!]);
    expect(new Uint8Array(readFileSync(saved))).toEqual(samples[kind]!.facts);
  });
});

describe.skipIf(missing('pdfinfo', '-v'))('pdfinfo', () => {
  it('finds a tagged A4 document with its title', () => {
    const said = output('pdfinfo', [paths['result-certificate']!]);
    expect(said).toMatch(/Tagged:\s+yes/);
    expect(said).toMatch(/Title:\s+中标结果凭证 ZS-2026-GC-0001-2-ZBJG/);
    expect(said).toMatch(/A4/);
  });

  it('reads the structure aloud in order: heading, tables with heads, figures with their alternatives', () => {
    const said = output('pdfinfo', ['-struct-text', paths['result-certificate']!]);
    expect(said.indexOf('Document')).toBeLessThan(said.indexOf('H1'));
    expect(said).toMatch(
      /H1[\s\S]*中标结果凭证[\s\S]*Table[\s\S]*TR[\s\S]*TH[\s\S]*项目[\s\S]*TD[\s\S]*江城市滨江大道/,
    );
    expect(output('pdfinfo', ['-struct', paths['result-certificate']!])).toContain('Figure');
    // The tree is complete: what is drawn outside it is furniture.
    expect(said).not.toContain('第 1 页');
  });
});

describe.skipIf(missing('pdffonts', '-v'))('pdffonts', () => {
  it.each(kinds)('%s: every font is embedded as a subset with its characters', (kind) => {
    const fonts = output('pdffonts', [paths[kind]!]).trim().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/yes yes yes/);
  });
});

describe.skipIf(missing('pdftotext', '-v'))('pdftotext', () => {
  it('finds the head of a long table on each page and every row once', () => {
    const pages = output('pdftotext', ['-layout', longPath, '-']).split('\f').slice(0, -1);
    expect(pages.length).toBeGreaterThan(3);
    for (const [i, page] of pages.entries()) {
      expect(page).toContain('列名甲');
      expect(page.replace(/\s/g, '')).toContain(`第${i + 1}页/共${pages.length}页`);
    }
    const rows = pages
      .join('')
      .match(/行 ?(\d+) ?号/g)!
      .map((row) => Number(row.replace(/\D/g, '')));
    expect(rows).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  });
});

describe.skipIf(missing('openssl', 'version'))('openssl', () => {
  it('verifies the signature, the chain and the signing certificate (CAdES)', () => {
    const { pdf } = samples['result-certificate']!;
    const parsed = readPdf(pdf);
    const { contents } = signatureOf(parsed, asDictionary(parsed.resolve(parsed.trailer.get('Root'))));
    const signed = file('signed.bin', concatBytes(pdf.slice(0, contents.start), pdf.slice(contents.end)));
    const cms = file('signature.der', contents.bytes);
    const root = file('root.pem', certificateToPem(authority.root.certificate));
    const result = attempt('openssl', [
      ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', cms, '-content', signed],
      ...['-CAfile', root, '-purpose', 'any', '-out', '/dev/null'],
    ]);
    expect(result.stderr.toString()).toMatch(/CAdES Verification successful/i);
    expect(result.status).toBe(0);
  });
});
