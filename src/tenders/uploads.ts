/**
 * Resumable uploads of sealed tenders: bytes go straight to a file, so memory stays flat at 500 MB and a cut line loses nothing.
 * What has arrived is the file's length; the database only knows whose upload it is, by handle, and who writes it now.
 */

import { constants, createReadStream } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Journal } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore, StoredFile } from '../platform/files.ts';
import { newId } from '../platform/ids.ts';
import { refuse } from '../platform/refusal.ts';
import { tenderRefusal } from './refusals.ts';
import { type UploadWriter, uploadWriters } from './upload-writer.ts';

export type Upload = { readonly id: string; readonly lot: string; readonly bytes: number; readonly received: number };
const openUploadsPerBidder = 4;
const staleAfter = "interval '72 hours'";

export type Uploads = ReturnType<typeof tenderUploads>;

export function tenderUploads({ journal, files, maxBytes }: { journal: Journal; files: FileStore; maxBytes: number }) {
  const path = (id: string, generation: number) => join(files.scratch, `${id}-${generation}.upload`);
  const writers = uploadWriters({ journal, path });
  const find = async (id: string, lot: string, handle: string): Promise<Upload> => {
    const [row] = await journal.db.query<Row>(
      'select bytes::text as bytes, generation from tender_upload where id = ? and lot = ? and handle = ?',
      [id, lot, handle],
    );
    if (!row) return refuse(tenderRefusal('upload-unknown'));
    return { id, lot, bytes: Number(row.bytes), received: await sizeOf(path(id, Number(row.generation))) };
  };
  /** Removes an upload of this bidder; anybody else's stays. */
  const drop = async (id: string, lot: string, handle: string): Promise<void> => {
    const gone = await journal.keep((tx) =>
      tx.em.execute('delete from tender_upload where id = ? and lot = ? and handle = ? returning generation', [
        id,
        lot,
        handle,
      ]),
    );
    for (const { generation } of gone as Row[]) await rm(path(id, Number(generation)), { force: true });
  };
  return {
    find,
    drop,
    /** Begins an upload of exactly `bytes` bytes. */
    begin: async (lot: string, handle: string, bytes: number): Promise<Upload> => {
      if (bytes > maxBytes) return refuse(tenderRefusal('tender-malformed', { reason: 'tender-length', maxBytes }));
      const id = newId();
      await journal.keep(async (tx) => {
        // Two begun at once are counted one after the other.
        await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 2))', [`${lot} ${handle}`]);
        const [row] = (await tx.em.execute(
          'select count(*)::int as open from tender_upload where lot = ? and handle = ?',
          [lot, handle],
        )) as Row[];
        if (Number(row?.open) >= openUploadsPerBidder)
          refuse(tenderRefusal('uploads-too-many', { limit: openUploadsPerBidder }));
        await tx.em.execute('insert into tender_upload (id, lot, handle, bytes, at) values (?, ?, ?, ?, ?)', [
          id,
          lot,
          handle,
          bytes,
          tx.now,
        ]);
      });
      return { id, lot, bytes, received: 0 };
    },
    /** Appends a stream at the offset; what arrived before a cut stays. */
    append: async (upload: Upload, offset: number, stream: Readable): Promise<Upload> => {
      const writer = await writers.take(upload.id);
      let received: number;
      try {
        received = await sizeOf(writer.path);
        if (offset !== received) return refuse(tenderRefusal('upload-offset', { received }));
        received = await write(writer, received, upload.bytes, stream);
      } catch (error) {
        // The refusal or failure is the answer; a lease that could not be given back runs out.
        await writer.release().catch(() => {});
        throw error;
      }
      await writer.release();
      return { ...upload, received };
    },
    /** Moves a complete upload into the content-addressed store; its row stays until the act is done, so a retry finds the file. */
    store: async (upload: Upload): Promise<StoredFile> => {
      if (upload.received !== upload.bytes)
        return refuse(tenderRefusal('upload-incomplete', { received: upload.received, bytes: upload.bytes }));
      const [row] = await journal.db.query<Row>('select generation from tender_upload where id = ?', [upload.id]);
      if (!row) return refuse(tenderRefusal('upload-unknown'));
      const file = path(upload.id, Number(row.generation));
      return files.put(createReadStream(file, { highWaterMark: 1 << 20 }), maxBytes);
    },
    /** Removes uploads that nobody has finished for three days, and files whose rows are gone. */
    sweep: async (): Promise<void> => {
      await journal.keep((tx) =>
        tx.em.execute(`delete from tender_upload where at < ?::timestamptz - ${staleAfter}`, [tx.now]),
      );
      // Files first: one that another node begins meanwhile has its row before its file.
      const names = (await readdir(files.scratch)).filter((name) => name.endsWith('.upload'));
      const rows = await journal.db.query<{ id: string }>('select id from tender_upload');
      const known = new Set(rows.map(({ id }) => id));
      for (const name of names)
        if (!known.has(name.replace(/-\d+\.upload$/, ''))) await rm(join(files.scratch, name), { force: true });
    },
  };
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => ({ size: 0 }))).size;

async function write(writer: UploadWriter, start: number, bytes: number, stream: Readable): Promise<number> {
  const handle = await open(writer.path, constants.O_RDWR | constants.O_CREAT, 0o600);
  let size = start;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (size + chunk.length > bytes)
        return refuse(tenderRefusal('tender-malformed', { reason: 'tender-length', bytes }));
      await writer.renew();
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, size);
        done += bytesWritten;
        size += bytesWritten;
      }
    }
  } catch (error) {
    // The line was cut: what has arrived stays, and the client asks for the offset.
    if ((error as { code?: string }).code !== 'ECONNRESET') throw error;
  } finally {
    await handle.sync();
    await handle.close();
  }
  return size;
}
