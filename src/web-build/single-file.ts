/**
 * One HTML file with everything inside and nothing from a network, for people who do not trust a served page. Its own policy
 * forbids every connection, so that even a mistake in it sends nothing.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { root } from './build.ts';

export type SingleFile = {
  /** Module below src/web, `offline/seal.tsx`; it draws into `#root`. */
  readonly entry: string;
  readonly title: string;
};

/** The file and the SHA-256 that people compare. Workers of the page must be imported with `?worker&inline`. */
export async function buildSingleFile({ entry, title }: SingleFile): Promise<{ html: string; sha256: string }> {
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const built = await build({
    root: join(root, 'src/web'),
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    publicDir: false,
    plugins: [react()],
    define: { 'process.env.NODE_ENV': '"production"' },
    worker: { format: 'iife' },
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(root, 'src/web', entry),
        output: { codeSplitting: false },
      },
    },
  });
  const { output } = (Array.isArray(built) ? built[0] : built) as {
    output: readonly (
      | { type: 'chunk'; code: string }
      | { type: 'asset'; fileName: string; source: string | Uint8Array }
    )[];
  };
  const chunks = output.flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  if (chunks.length !== 1) throw new Error(`${entry}: ${chunks.length} scripts instead of one`);
  const styles = output.flatMap((part) =>
    part.type === 'asset' && part.fileName.endsWith('.css') ? [textOf(part.source)] : [],
  );
  const html = pageOf(title, chunks[0]!, styles.join('\n'));
  return { html, sha256: createHash('sha256').update(html).digest('hex') };
}

const textOf = (source: string | Uint8Array) =>
  typeof source === 'string' ? source : new TextDecoder().decode(source);
const policy =
  "default-src 'none'; script-src 'unsafe-inline' blob: data:; style-src 'unsafe-inline'; img-src data:; worker-src blob: data:";

/** Ends of elements inside script and style are written so that no parser takes them for the element's own. */
export function pageOf(title: string, script: string, style: string): string {
  const safeTitle = title.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safeTitle}</title>
<style>${style.replace(/<\/(style)/gi, '<\\/$1')}</style>
<div id="root"></div>
<script type="module">${script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--')}</script>
</html>
`;
}
