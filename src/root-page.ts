/** What the root page says: what this is, where to go, how to check. */
import type { Route } from './platform/http/route.ts';

const stages: readonly (readonly [zh: string, en: string])[] = [
  ['登记公告', 'Register, publish'],
  ['加密投标', 'Seal tenders'],
  ['多方开标', 'Open by quorum'],
  ['专家评标', 'Evaluate'],
  ['公示定标', 'Publicity, award'],
  ['证书核验', 'Certify, verify'],
];

const promises: readonly (readonly [zh: string, en: string])[] = [
  ['开标前谁也读不到标书，中心也不能。', 'Nobody reads a tender before its opening, not even the centre.'],
  ['收据出具后，标书不能被改、不能被丢。', 'Nobody changes or drops a tender after its receipt.'],
  ['每一步都在公开日志里，用通用工具就能核验。', 'Every step stands in a public log that ordinary tools can check.'],
];

type Card = {
  readonly href: string | null;
  readonly zh: string;
  readonly en: string;
  readonly zhText: string;
  readonly enText: string;
};

/** The main part; a card leads to a page only where a route answers. */
export function rootMain(routes: readonly Route[]): string {
  const answers = new Set(routes.map(({ spec }) => spec.path));
  const cards: readonly Card[] = [
    {
      href: '/api',
      zh: '接口',
      en: 'Interface',
      zhText: `${routes.length} 项操作，按业务分组，写明谁可用、请求与答复。`,
      enText: `${routes.length} operations by room: who may, what goes in, what comes out.`,
    },
    {
      href: '/log/checkpoint',
      zh: '公开日志',
      en: 'Public log',
      zhText: '最新签名检查点；/log/tile 与 /log/entries 可取全部条目（C2SP tlog-tiles）。',
      enText: 'The newest signed checkpoint; tiles and entries stand under /log (C2SP tlog-tiles).',
    },
    {
      href: '/api/trust/roots',
      zh: '信任根',
      en: 'Trust roots',
      zhText: '平台证书根；核验时请从别处取得并比对，不要只信本站。',
      enText: 'Certificate roots; get them from elsewhere too and compare.',
    },
    {
      href: '/openapi.json',
      zh: 'OpenAPI 3.1',
      en: 'For machines',
      zhText: '同一份接口说明的机器可读形式。',
      enText: 'The same description of the interface for programs.',
    },
    {
      href: null,
      zh: '自己核验',
      en: 'Check it yourself',
      zhText: '<code>npm run verify -- 文件</code>；README 另有只用 age、openssl、sha256sum、pdfsig 的步骤。',
      enText: 'The README shows the same with age, openssl, sha256sum and pdfsig alone.',
    },
    {
      href: null,
      zh: '演示',
      en: 'Demo',
      zhText: '<code>npm run demo</code> 走完一次招标：登记到证书，结果放在 demo-out/。',
      enText: 'A whole tender on the command line, from registration to the certificate.',
    },
  ];
  const shown = cards.filter(({ href }) => href === null || answers.has(href));
  return `<h1>看得见的公共资源交易<span lang="en">Public-resource trading that anyone can check</span></h1>
<ul class="promises">${promises.map(([zh, en]) => `<li>${zh}<span lang="en">${en}</span></li>`).join('')}</ul>
<h2>一次招标怎样走完<span lang="en">How a tender goes</span></h2>
<ol class="steps">${stages.map(([zh, en]) => `<li><b>${zh}</b><span lang="en">${en}</span></li>`).join('')}</ol>
<h2>从这里开始<span lang="en">Where to go</span></h2>
<ul class="cards">${shown.map(cardHtml).join('')}</ul>
<p class="notice">本版以接口与命令行提供全部步骤，业务网页随后到来。<span lang="en">In this release every step is reached over HTTP and the command line; the web pages follow.</span></p>`;
}

function cardHtml({ href, zh, en, zhText, enText }: Card): string {
  const title = `${zh} <span lang="en">${en}</span>`;
  return `<li class="card"><h3>${href === null ? title : `<a href="${href}">${title}</a>`}</h3><p>${zhText}</p><p lang="en">${enText}</p></li>`;
}
