/** docs/operations.md as the tests read it: its generated table, and its marked blocks. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { environment } from '../../src/platform/config.ts';

const path = fileURLToPath(new URL('../../docs/operations.md', import.meta.url));
const [opening, closing] = ['<!-- configuration -->\n', '<!-- /configuration -->'];

type Property = { description?: string; default?: unknown; enum?: string[]; minimum?: number; maximum?: number };

/** The table of the configuration, from the schema that the start checks. */
export function configurationTable(): string {
  const { properties = {} } = z.toJSONSchema(environment, { io: 'input' });
  const rows = Object.entries(properties as Record<string, Property>).map(([name, property]) => {
    const values = property.enum ? ` (${property.enum.join(', ')})` : '';
    const fallback = property.default === undefined || property.default === '' ? '–' : `\`${property.default}\``;
    return `| \`${name}\` | ${fallback} | ${property.description ?? ''}${values} |\n`;
  });
  return `| 变量 variable | 默认 default | 含义 meaning |\n| --- | --- | --- |\n${rows.join('')}`;
}

export const operationsPage = (): string => readFileSync(path, 'utf8');

/** What the page shows between its two marks. */
export function tableOfPage(): string {
  const page = operationsPage();
  return page.slice(page.indexOf(opening) + opening.length, page.indexOf(closing));
}

/** Writes the table into the page: `npx node test/support/operations-page.ts`. */
function writeTable(): void {
  const page = operationsPage();
  const [before, after] = [page.indexOf(opening) + opening.length, page.indexOf(closing)];
  writeFileSync(path, page.slice(0, before) + configurationTable() + page.slice(after));
}

/** The code of the block under the mark. */
export function blockOf(mark: string): string {
  const [, code] = new RegExp(`<!-- ${mark} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\`\\n`).exec(operationsPage()) ?? [];
  if (code === undefined) throw new Error(`docs/operations.md has no block ${mark}`);
  return code;
}

/** Runs a program; throws with what it said where it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...args], { env: { ...process.env, ...env } });
  return stdout;
}

/** Runs a block of the page as the shell would, and stops at the first failure. */
export const runBlock = (mark: string, env: Record<string, string>): Promise<string> =>
  runProgram('bash', ['-euo', 'pipefail', '-c', blockOf(mark)], env);

if (process.argv[1] === fileURLToPath(import.meta.url)) writeTable();
