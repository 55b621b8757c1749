/** Bundles over HTTP, as a tar stream. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { z } from 'zod';
import { type BundleLevel, bundleLevel } from '../formats/bundle.ts';
import { identifier } from '../formats/primitives.ts';
import { BinaryAnswer, type Principal, type Route, route } from '../platform/http/route.ts';
import type { Logger } from '../platform/log.ts';
import { commonRefusal, refusalsOf } from '../platform/refusal.ts';
import { type BundleDeps, type BundleFile, collectBundle, sizeOf } from './collect.ts';

export const bundleRefusals = {
  'bundle-not-ready': {
    status: 409,
    zh: '唱标之前没有可公开的材料',
    en: 'There is nothing to publish before the offers are announced',
  },
  'bundle-awaits-witnesses': {
    status: 503,
    zh: '最新记录尚未得到外部见证联签，请稍后再取',
    en: 'The newest entries have not been cosigned by the outside witnesses yet; fetch the bundle in a moment',
  },
  'bundle-project-unknown': { status: 404, zh: '没有这个项目', en: 'There is no such project' },
} as const;
const bundleRefusal = refusalsOf<keyof typeof bundleRefusals>(bundleRefusals);

export function bundleRoutes(deps: BundleDeps & { readonly logger: Logger }): Route[] {
  const { journal, projects, openings, tenders } = deps;
  return [
    route(
      {
        method: 'GET',
        path: '/api/projects/:id/bundles/:level',
        name: 'downloadBundle',
        who: 'anyone',
        notesReaders: true,
        summary: {
          zh: '下载核验包（public 任何人；audit 监督与审计；personal 投标人本单位）',
          en: 'A bundle to check offline: public for all, audit for supervisors and auditors, personal for the bidder',
        },
        params: z.strictObject({ id: identifier, level: bundleLevel }),
        answer: 'binary',
        refusals: Object.keys(bundleRefusals),
      },
      async ({ params: { id, level }, principal }) => {
        if (!mayTake(level, principal)) return commonRefusal(principal ? 'not-permitted' : 'not-signed-in');
        const project = await projects.project(journal.db.read(), id);
        if (!project?.publishedAt) return bundleRefusal('bundle-project-unknown');
        const state = await openings.stateOf(project.opening);
        // Announced, or failed or ended with every sealed leaf opened.
        const ready = state && state.lots.length > 0 && state.lots.every((l) => l.commitmentsSha256 !== null);
        if (!ready) return bundleRefusal('bundle-not-ready');
        const checkpoint = await checkpointOver(journal, [id, state.id, ...state.lots.map((l) => l.lot)]);
        if (checkpoint === null) return bundleRefusal('bundle-awaits-witnesses');
        const organisation = principal?.organisation ?? null;
        const wanted = {
          checkpoint,
          level,
          handleOf: (lot: string) => (organisation === null ? null : tenders.handle(lot, organisation)),
        };
        const name = `${project.code}-${level}.tar`;
        return new BinaryAnswer(tarOf(deps, collectBundle(deps, project, state, wanted)), 'application/x-tar', {
          'Content-Disposition': `attachment; filename="${name}"`,
        });
      },
    ),
  ];
}

/** A checkpoint that covers everything done so far to the subjects; null while the witnesses have not signed one. */
async function checkpointOver(journal: BundleDeps['journal'], subjects: readonly string[]): Promise<string | null> {
  const [last] = await journal.db.query<{ id: string }>(
    `select id::text as id from journal_entry where subject in (${subjects.map(() => '?').join(', ')}) order by ordinal desc limit 1`,
    subjects,
  );
  const index = last ? await journal.whenSequenced(last.id) : 0n;
  if (!journal.policyFile().witnessed) return journal.checkpoint();
  if (!(await journal.cosigned(index))) await journal.requestCosignatures();
  const cosigned = await journal.cosignedCheckpoint();
  return cosigned !== null && sizeOf(cosigned) > index ? cosigned : null;
}

function mayTake(level: BundleLevel, principal: Principal | null): boolean {
  if (level === 'public') return true;
  const holds = (role: Principal['roles'][number]) => principal?.roles.includes(role) ?? false;
  return level === 'audit' ? holds('supervisor') || holds('auditor') : holds('bidder');
}

/** The files as a tar; a file in the store is streamed, so memory stays flat. */
function tarOf({ files, logger }: BundleDeps & { readonly logger: Logger }, all: AsyncIterable<BundleFile>): Readable {
  const tar = pack();
  const fill = async () => {
    const seen = new Set<string>();
    for await (const file of all) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      if ('bytes' in file) {
        tar.entry({ name: file.path, mtime: new globalThis.Date(0) }, Buffer.from(file.bytes));
        continue;
      }
      const size = (await files.stat(file.stored))?.bytes;
      if (size === undefined) throw new Error(`${file.path} is missing in the store`);
      const entry = tar.entry({ name: file.path, size, mtime: new globalThis.Date(0) });
      await pipeline(files.open(file.stored), entry as unknown as Writable);
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => {
    logger.error({ err: error }, 'bundle failed');
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  // tar-stream brings streams of its own kind; the HTTP layer knows Node's.
  return Readable.from(tar, { objectMode: false });
}
