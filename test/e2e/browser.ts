/** A real browser for tests: Debian's Chromium, its pages watched for errors, blocked styles and scripts, and what axe finds. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** In CI a missing browser is a failure; elsewhere the tests of pages say that they were skipped. */
export const browserIsThere: boolean = existsSync(executablePath) || process.env.CI === 'true';

export const screens: string = join(import.meta.dirname, '../../test-output/screens');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function openBrowser(): Promise<Browser> {
  mkdirSync(screens, { recursive: true });
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export type Watched = { readonly page: Page; readonly faults: string[] };

/** A page whose script errors, refused resources and blocked policies are kept in `faults`. 401 of the session read is no fault. */
export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (response.status() >= 500 || (response.status() === 404 && !path.startsWith('/api/')))
      faults.push(`${response.status()} ${path}`);
  });
  await page.exposeFunction('ygBlocked', (what: string) => faults.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (globalThis as unknown as { ygBlocked(what: string): void }).ygBlocked(
        `${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
      );
    });
  });
  return { page, faults };
}

const rules = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
};

/** What axe finds, a line for each: rule, place. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (options) => {
    type Node = { readonly target: unknown; readonly failureSummary?: string };
    type Found = { readonly violations: readonly { readonly id: string; readonly nodes: readonly Node[] }[] };
    const found = await (globalThis as unknown as { axe: { run(o: unknown): Promise<Found> } }).axe.run(options);
    return found.violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map((node) => `${id}: ${String(node.target)} ${(node.failureSummary ?? '').split('\n')[1] ?? ''}`),
    );
  }, rules);
}
