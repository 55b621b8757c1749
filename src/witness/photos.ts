/** Photos of a witness: JPEG or PNG by their first octets (never by what the client says), bounded, kept by their SHA-256. EXIF stays. */
import type { Journal, Reader } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore } from '../platform/files.ts';
import { RefusalError } from '../platform/refusal.ts';
import { witnessRefusal } from './refusals.ts';

export const photoMaxBytes = 12 * 1024 * 1024;
const photosPerSubject = 200;

export type Photo = {
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: 'image/jpeg' | 'image/png';
  readonly person: string;
};

const signatures = [
  { mediaType: 'image/jpeg', octets: [0xff, 0xd8, 0xff] },
  { mediaType: 'image/png', octets: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
] as const;
const longestSignature = 8;

/** The media type that the first octets prove, or null. */
export function sniffPhoto(head: Uint8Array): Photo['mediaType'] | null {
  return signatures.find(({ octets }) => octets.every((octet, i) => head[i] === octet))?.mediaType ?? null;
}

/**
 * Whether a page may show it: any JPEG; a PNG without alpha or interlacing, whose pixels need not be unpacked (a small file may
 * hold a giant picture), and of sane measures (PNG 11.2.2: IHDR at 16).
 */
export function drawable(photo: Uint8Array): boolean {
  const mediaType = sniffPhoto(photo);
  if (mediaType !== 'image/png') return mediaType !== null;
  if (photo.length < 33) return false;
  const view = new DataView(photo.buffer, photo.byteOffset);
  const [width, height, colour, interlaced] = [view.getUint32(16), view.getUint32(20), photo[25]!, photo[28]!];
  return width <= 20_000 && height <= 20_000 && [0, 2, 3].includes(colour) && interlaced === 0;
}

/** Stores a photo for a subject; throws RefusalError `not-a-photo`, `too-large` or `too-many-photos`. */
export async function keepPhoto(
  deps: { readonly journal: Journal; readonly files: FileStore },
  subject: string,
  person: string,
  stream: AsyncIterable<Uint8Array>,
): Promise<Photo> {
  let mediaType: Photo['mediaType'] | null = null;
  async function* checked(): AsyncIterable<Uint8Array> {
    let head: Uint8Array = new Uint8Array();
    for await (const chunk of stream) {
      if (mediaType) yield chunk;
      else {
        head = Buffer.concat([head, chunk]);
        if (head.length < longestSignature) continue;
        mediaType = sniffPhoto(head);
        if (!mediaType) throw new RefusalError(witnessRefusal('not-a-photo'));
        yield head;
      }
    }
    if (!mediaType) throw new RefusalError(witnessRefusal('not-a-photo'));
  }
  const stored = await deps.files.put(checked(), photoMaxBytes);
  const photo: Photo = { ...stored, mediaType: mediaType!, person };
  await deps.journal.keep(async ({ em, now }) => {
    const rows = (await em.execute('select count(*)::int as kept from witness_photo where subject = ?', [
      subject,
    ])) as Row[];
    if (Number(rows[0]?.kept) >= photosPerSubject)
      throw new RefusalError(witnessRefusal('too-many-photos', { most: photosPerSubject }));
    await em.execute(
      `insert into witness_photo (subject, sha256, person, media_type, bytes, at) values (?, ?, ?, ?, ?, ?)
       on conflict (subject, sha256) do nothing`,
      [subject, photo.sha256, person, photo.mediaType, photo.bytes, now],
    );
  });
  return photo;
}

/** The photos kept for a subject, oldest first. */
export async function photosOfSubject(reader: Reader, subject: string): Promise<readonly Photo[]> {
  const rows = (await reader.execute(
    'select sha256, person, media_type, bytes from witness_photo where subject = ? order by at, sha256',
    [subject],
  )) as Row[];
  return rows.map((row) => ({
    sha256: row.sha256 as string,
    person: row.person as string,
    mediaType: row.media_type as Photo['mediaType'],
    bytes: Number(row.bytes),
  }));
}
