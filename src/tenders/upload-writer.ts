/**
 * One writer for an upload at a time, on all nodes together. A lease in the upload's row, renewed while bytes arrive, says who.
 * A writer that stalls (a line half cut, a node that stopped) may be superseded after a few seconds; and should it come back to
 * life in the middle of a write, it writes into a file of the former generation, which nobody reads any more. So bytes of two
 * connections never mix, whatever the clocks do.
 */
import { constants } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import type { Journal } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { refuse } from '../platform/refusal.ts';
import { tenderRefusal } from './refusals.ts';

export type UploadWriter = {
  /** The file that this writer alone may write to. */
  readonly path: string;
  /** To be called before a write; refuses `upload-busy` when another writer has taken over. */
  renew(): Promise<void>;
  /** Lets others write; refuses `upload-busy` when the bytes went into a file that counts no more. */
  release(): Promise<void>;
};

export type UploadWriters = {
  /** Becomes the writer of an upload; refuses `upload-busy` while another one is, `upload-unknown` when it is gone. */
  take(id: string): Promise<UploadWriter>;
};

/** A writer from whom nothing has come for so long may be superseded, in seconds. */
const leaseSeconds = 5;
const renewMilliseconds = 2_000;

type Deps = { readonly journal: Journal; readonly path: (id: string, generation: number) => string };

/** The writers of this process. */
export function uploadWriters({ journal, path }: Deps): UploadWriters {
  const node = newId();
  const until = `clock_timestamp() + interval '${leaseSeconds} seconds'`;
  /** Changes the row while the upload is ours. */
  const requireMine = async (id: string, writer: string, change: string): Promise<void> => {
    const rows = await journal.keep((tx) =>
      tx.em.execute(`update tender_upload set ${change} where id = ? and writer = ? returning id`, [id, writer]),
    );
    if ((rows as Row[]).length === 0) refuse(tenderRefusal('upload-busy'));
  };

  const lease = async (id: string, writer: string): Promise<{ generation: number; superseded: boolean }> =>
    journal.keep(async (tx) => {
      const [row] = (await tx.em.execute(
        `select generation, writer, writer_until > clock_timestamp() as held from tender_upload where id = ? for update`,
        [id],
      )) as Row[];
      if (!row) return refuse(tenderRefusal('upload-unknown'));
      // One process only can open the embedded database, so a writer of another one is dead.
      const dead = journal.db.kind === 'pglite' && !String(row.writer).startsWith(node);
      if (row.writer !== null && row.held === true && !dead) return refuse(tenderRefusal('upload-busy'));
      await tx.em.execute(`update tender_upload set writer = ?, writer_until = ${until} where id = ?`, [writer, id]);
      return { generation: Number(row.generation), superseded: row.writer !== null };
    });

  /** Goes on in a copy, so that whatever the former writer still does stays without effect. */
  const fence = async (id: string, writer: string, generation: number): Promise<number> => {
    const next = generation + 1;
    await copyDurably(path(id, generation), path(id, next));
    await requireMine(id, writer, `generation = ${next}, writer_until = ${until}`);
    await rm(path(id, generation), { force: true });
    return next;
  };

  return {
    take: async (id) => {
      const writer = `${node} ${newId()}`;
      const { generation, superseded } = await lease(id, writer);
      const own = superseded ? await fence(id, writer, generation) : generation;
      let renewedAt = performance.now();
      return {
        path: path(id, own),
        renew: async () => {
          if (performance.now() - renewedAt < renewMilliseconds) return;
          await requireMine(id, writer, `writer_until = ${until}`);
          renewedAt = performance.now();
        },
        release: () => requireMine(id, writer, 'writer = null, writer_until = null'),
      };
    },
  };
}

/** Copies a file under a name of its own, then renames it; nothing where there is none yet. */
async function copyDurably(from: string, to: string): Promise<void> {
  const part = `${to}-${newId()}.part`;
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return;
    throw error;
  }
  const handle = await open(part, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, to);
}
