/** Papers of the demo: real PDF files with Chinese text, and drawings of some megabytes. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOctets } from '../../platform/ids.ts';
import { renderPdf } from '../../platform/pdf/index.ts';

const issuer = '演示 demo';

/** The tender document of a project. */
export function tenderDocument(code: string): Promise<Uint8Array> {
  const at = Temporal.Now.instant();
  return renderPdf(
    (page) => {
      page.title({ zh: '招标文件', en: 'Tender document' });
      page.section({ zh: '投标人须知', en: 'Instructions to tenderers' });
      page.paragraph({
        zh: '本项目采用综合评估法；投标报价不得高于最高投标限价。',
        en: 'Comprehensive evaluation; offers above the ceiling are invalid.',
      });
    },
    { title: `招标文件 ${code}`, lang: 'zh-CN', issuer, number: code, at },
  );
}

/** A bidder's papers in a folder: a method statement and a drawing; answers their paths. */
export async function bidPapers(folder: string, bidder: string, megabytes: number): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const statement = await renderPdf(
    (page) => {
      page.title({ zh: '施工组织设计', en: 'Method statement' });
      page.paragraph({
        zh: `${bidder}：总工期、质量与安全措施详见各章。`,
        en: 'Time, quality and safety in the chapters.',
      });
    },
    { title: '施工组织设计', lang: 'zh-CN', issuer, number: bidder, at: Temporal.Now.instant() },
  );
  const paths = [join(folder, '施工组织设计.pdf'), join(folder, '图纸.dwg')];
  await writeFile(paths[0]!, statement);
  await writeFile(paths[1]!, randomOctets(Math.round(megabytes * 1024 * 1024)));
  return paths;
}
