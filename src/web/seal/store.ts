/**
 * What outlives a closed tab, in the browser's own file system (OPFS): ciphertext, envelopes, manifest and signature of a sealed
 * tender. Never the key and never plain files: whoever takes the disk has what the server has.
 */
import { z } from 'zod';
import { base64Text, identifier, sha256Text } from '../../formats/primitives.ts';

const sealed = z.strictObject({
  lot: identifier,
  organisation: identifier,
  manifestSha256: sha256Text,
  manifest: base64Text,
  signature: base64Text,
  envelopes: z.array(z.strictObject({ x: z.number().int(), bytes: base64Text })),
  upload: identifier.nullable(),
});
export type StoredTender = z.infer<typeof sealed>;

const folderName = (organisation: string, lot: string) => `sealed-${organisation}-${lot}`;

/** The folder of an organisation's tender on a lot; two accounts of one browser do not meet. */
export async function folderOf(organisation: string, lot: string): Promise<FileSystemDirectoryHandle> {
  const top = await navigator.storage.getDirectory();
  return top.getDirectoryHandle(folderName(organisation, lot), { create: true });
}

/** Written last: a folder without it is a sealing that did not end. */
export async function keep(folder: FileSystemDirectoryHandle, tender: StoredTender): Promise<void> {
  const file = await folder.getFileHandle('sealed.json', { create: true });
  const writable = await file.createWritable();
  await writable.write(JSON.stringify(sealed.parse(tender)));
  await writable.close();
}

/** The whole sealed tender, or null where none was finished here; anything malformed counts as none. */
export async function find(folder: FileSystemDirectoryHandle): Promise<{ tender: StoredTender; file: File } | null> {
  try {
    const text = await (await (await folder.getFileHandle('sealed.json')).getFile()).text();
    const file = await (await folder.getFileHandle('tender.age')).getFile();
    return { tender: sealed.parse(JSON.parse(text)), file };
  } catch {
    return null;
  }
}

/** After the receipt, or when the person gives the sealed tender up. */
export async function forget(organisation: string, lot: string): Promise<void> {
  const top = await navigator.storage.getDirectory();
  await top.removeEntry(folderName(organisation, lot), { recursive: true }).catch(() => undefined);
}
