/** The public page behind the QR code of every document: what was issued under its number, and how to check the file at hand. */
import { z } from 'zod';
import { utf8 } from '../formats/bytes.ts';
import { escapeHtml, htmlPage } from '../platform/http/page.ts';
import { BinaryAnswer, type Route, route } from '../platform/http/route.ts';
import { timeInWords } from '../platform/pdf/index.ts';
import type { AwardDeps } from './deps.ts';
import type { DocumentEntry } from './reads.ts';
import type { AwardService } from './service.ts';

const number = z.string().trim().min(1).max(120);

const kinds: Readonly<Record<string, string>> = {
  'opening-record': '开标记录',
  'witness-record': '现场见证记录',
  'evaluation-report': '评标报告',
  'award-notice': '中标通知书',
  'result-certificate': '中标结果凭证',
};

export function checkRoutes({ journal }: AwardDeps, awards: AwardService): Route[] {
  const answer = (title: string, main: string) =>
    new BinaryAnswer(utf8(htmlPage({ title, main, links: [] })), 'text/html; charset=utf-8');
  const found = async (asked: string) => {
    const reader = journal.db.read();
    const documents: Listed[] = [];
    for (const document of await awards.documentsByNumber(reader, asked)) {
      const place = await journal.indexOf(reader, document.entry);
      documents.push({ ...document, index: place && String(place.index) });
    }
    return answer(`核验 ${asked}`, documents.length > 0 ? listOf(asked, documents) : noneOf(asked));
  };
  return [
    route(
      {
        method: 'GET',
        path: '/check',
        name: 'askForCheck',
        who: 'anyone',
        summary: { zh: '核验文件', en: 'Check a document' },
        query: z.strictObject({ number: number.optional() }),
        answer: 'binary',
        refusals: [],
      },
      async ({ query }) => (query.number ? found(query.number) : answer('核验文件', `${headOf()}${form}${byHand}`)),
    ),
    route(
      {
        method: 'GET',
        path: '/check/:number',
        name: 'checkNumber',
        who: 'anyone',
        summary: { zh: '按编号核验文件（二维码所指）', en: 'Check a document by its number: where the QR code leads' },
        params: z.strictObject({ number }),
        answer: 'binary',
        refusals: [],
      },
      async ({ params }) => found(params.number),
    ),
  ];
}

type Listed = DocumentEntry & { readonly index: string | null };

const headOf = () => '<h1>核验文件<span lang="en">Check a document</span></h1>';

const form = `<form method="get" action="/check"><p><label for="number">文件编号 <span lang="en">Number in the head of each page</span></label></p>
<p><input id="number" name="number" maxlength="120" required> <button>查找 <span lang="en">Find</span></button></p></form>`;

const byHand = `<h2>不用本站也能核验<span lang="en">Without this site</span></h2>
<p>比对文件的哈希，并让别的程序检查签名：</p><pre><code>sha256sum FILE.pdf
pdfsig FILE.pdf
pdfdetach -save 1 -o facts.json FILE.pdf</code></pre>
<p lang="en">Compare the hash with the one above, let another program check the signature, and take out the facts that machines read.</p>`;

function listOf(asked: string, documents: readonly Listed[]): string {
  const rows = documents.map((document) => {
    const { pdfSha256, kind, at, index } = document;
    const place = index === null ? '尚未排入公开日志' : `第 ${index} 条`;
    return `<h2>${escapeHtml(kinds[kind] ?? kind)}</h2><table class="facts"><tbody>
<tr><th scope="row">签发时间<span lang="en">Issued</span></th><td>${escapeHtml(timeInWords(at))}</td></tr>
<tr><th scope="row">文件哈希<span lang="en">SHA-256</span></th><td><code>${pdfSha256}</code></td></tr>
<tr><th scope="row">公开日志<span lang="en">Public log</span></th><td>${place}</td></tr>
<tr><th scope="row">原件<span lang="en">Original</span></th><td><a href="/api/certificates/${pdfSha256}">PDF</a>　<a href="/api/certificates/${pdfSha256}/facts">JSON</a></td></tr></tbody></table>`;
  });
  return `<h1>${escapeHtml(asked)} 由本中心签发<span lang="en">was issued by this centre</span></h1>
<p class="notice">这里列出的是签发记录。您手中的文件是不是它，请比对哈希。<span lang="en">This is what was issued. Whether the file in your hands is the same one, its hash tells.</span></p>
${rows.join('\n')}${byHand}`;
}

function noneOf(asked: string): string {
  return `<h1>没有签发过编号 ${escapeHtml(asked)} 的文件<span lang="en">No document with this number was issued</span></h1>
<p>请核对编号；编号无误的，您手中的文件不是本中心签发的。</p>${form}`;
}
