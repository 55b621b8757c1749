/**
 * Builds the web into `web-build/`: the browser's files with hashes in their names, each also compressed, and the program that
 * draws pages on the server. Runs only when a source has changed since the last build.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));
/** Where the built web lies; beside the sources, so that every start of this checkout finds it. */
export const builtFolder: string = process.env.WEB_OUT ?? join(root, 'web-build');
const stampFile = join(builtFolder, 'stamp');

/** The sum of everything that goes into the build. */
function sourcesStamp(): string {
  const sum = createHash('sha256');
  const sources = globSync(
    ['src/{web,web-build,formats,sealing,verify}/**/*', 'evaluation/**/*', 'package-lock.json'],
    {
      cwd: root,
      withFileTypes: true,
      exclude: (entry) => /\.gen\.ts$/.test(typeof entry === 'string' ? entry : entry.name),
    },
  ).filter((entry) => entry.isFile());
  for (const path of sources.map((entry) => join(entry.parentPath, entry.name)).toSorted())
    sum
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return sum.digest('hex');
}

/** Builds if needed; `say` gets one line when it begins and one when it is done. Answers the folder. */
export async function buildWeb(say: (line: string) => void = () => {}): Promise<string> {
  const stamp = sourcesStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return builtFolder;
  say('正在生成网页 / building the web …');
  const began = performance.now();
  const fresh = `${builtFolder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const { build } = await import('vite');
  await build(await configOf({ out: join(fresh, 'client'), server: false }));
  await build(await configOf({ out: join(fresh, 'server'), server: true }));
  await writeTokens(fresh);
  await compressAll(join(fresh, 'client'));
  writeFileSync(join(fresh, 'stamp'), stamp);
  takePlace(fresh);
  say(`网页已生成 / the web is built (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return builtFolder;
}

/** Of two processes that built at once the last one's counts; the other's result is the same. */
function takePlace(fresh: string): void {
  for (let attempt = 0; ; attempt += 1) {
    rmSync(builtFolder, { recursive: true, force: true });
    try {
      renameSync(fresh, builtFolder);
      return;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

const web = join(root, 'src/web');

async function configOf({ out, server }: { out: string; server: boolean }) {
  const { default: react } = await import('@vitejs/plugin-react');
  return {
    root: web,
    configFile: false as const,
    logLevel: 'error' as const,
    mode: 'production',
    publicDir: server ? (false as const) : join(web, 'public'),
    plugins: [react()],
    define: { 'process.env.NODE_ENV': '"production"' },
    worker: { format: 'es' as const },
    ...(server ? { ssr: { noExternal: true as const } } : {}),
    build: {
      outDir: out,
      emptyOutDir: true,
      manifest: !server,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
      reportCompressedSize: false,
      ...(server ? { ssr: true, minify: false as const } : { modulePreload: { polyfill: false } }),
      rolldownOptions: {
        input: server
          ? { entry: join(web, 'entry-server.tsx') }
          : { public: join(web, 'entry-public.tsx'), desk: join(web, 'entry-desk.tsx') },
        ...(server ? { output: { entryFileNames: 'entry.js' } } : {}),
      },
    },
  };
}

/** The tokens as a style sheet; a name with its hash like the rest. */
async function writeTokens(folder: string): Promise<void> {
  const { tokensCss } = (await import('../web/tokens.ts')) as { tokensCss: string };
  const hash = createHash('sha256').update(tokensCss).digest('base64url').slice(0, 8);
  writeFileSync(join(folder, 'client/assets', `tokens-${hash}.css`), tokensCss);
  writeFileSync(join(folder, 'tokens.json'), JSON.stringify(`/assets/tokens-${hash}.css`));
}

const brotli = promisify(brotliCompress);

/** Brotli beside each file that text compresses. */
async function compressAll(folder: string): Promise<void> {
  const files = globSync('**/*.{js,css,svg,json,html}', { cwd: folder });
  await Promise.all(
    files.map(async (name) => {
      const body = readFileSync(join(folder, name));
      if (body.length < 1024) return;
      const quality = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
      writeFileSync(join(folder, `${name}.br`), await brotli(body, { params: quality }));
    }),
  );
}
