/** Wiring of the built web: its files, its manifest and the program that draws pages on the server. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toBase64 } from './formats/bytes.ts';
import { insideTransport, type PageAnswer, type Pages, readStaticFiles } from './platform/http/pages.ts';
import type { Route } from './platform/http/route.ts';
import { randomOctets } from './platform/ids.ts';

type Chunk = { readonly file: string; readonly css?: readonly string[]; readonly imports?: readonly string[] };
type Assets = { readonly scripts: string[]; readonly styles: string[]; readonly preloads: string[] };
type Draw = (asked: {
  url: string;
  origin: string;
  cookies: string | undefined;
  transport: (url: string) => Promise<Response>;
  assets: (entry: 'public' | 'desk', page: string | null) => Assets;
  nonce: () => string;
}) => Promise<PageAnswer>;

/** Opens the folder that `buildWeb` made. */
export async function openPages(folder: string, routes: readonly Route[]): Promise<Pages> {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const manifest = JSON.parse(read('client/.vite/manifest.json')) as Record<string, Chunk>;
  const tokens = JSON.parse(read('tokens.json')) as string;
  const { draw } = (await import(pathToFileURL(join(folder, 'server/entry.js')).href)) as { draw: Draw };
  const transport = insideTransport(routes);
  const nonce = () => toBase64(randomOctets(16));
  const entries = {
    public: assetsOf(manifest, 'entry-public.tsx', tokens),
    desk: assetsOf(manifest, 'entry-desk.tsx', tokens),
  };
  return {
    files: readStaticFiles(join(folder, 'client')),
    draw: (asked) => draw({ ...asked, transport, nonce, assets: (entry) => entries[entry] }),
  };
}

/** Files of an entry with what it imports at once; styles before scripts, tokens first. */
function assetsOf(manifest: Readonly<Record<string, Chunk>>, entry: string, tokens: string): Assets {
  const seen = new Set<string>();
  const styles = new Set<string>([tokens]);
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || seen.has(name)) return;
    seen.add(name);
    for (const imported of chunk.imports ?? []) visit(imported);
    for (const style of chunk.css ?? []) styles.add(`/${style}`);
  };
  visit(entry);
  const file = (name: string) => `/${manifest[name]!.file}`;
  return {
    scripts: [file(entry)],
    styles: [...styles],
    preloads: [...seen].filter((name) => name !== entry).map(file),
  };
}
