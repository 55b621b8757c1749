/** Uploads a sealed file by the resumable routes: after a cut it asks the server how far it is and goes on from there. */
import type { Api, Outcome, Refusal } from '../api/client.ts';

const pieceBytes = 8 * 1024 * 1024;
const passing = new Set([0, 502, 503, 504]);

export type UploadWork = {
  readonly api: Pick<Api, 'call'>;
  readonly lot: string;
  readonly file: Blob;
  /** Of an earlier try; null begins anew. */
  readonly upload: string | null;
  /** Keeps the upload's id before the first byte is sent. */
  keep(upload: string): Promise<void>;
  onBytes(bytes: number, total: number): void;
  /** The line is down (true) or back. */
  onCut(cut: boolean): void;
  wait(milliseconds: number): Promise<void>;
};
type Known = { readonly id: string; readonly received: number };
export type Uploaded =
  | { readonly ok: true; readonly upload: string }
  | { readonly ok: false; readonly refusal: Refusal };

const canPass = ({ code, status }: Refusal) =>
  passing.has(status) || code === 'upload-busy' || code === 'upload-offset';

/** Ends with the whole file on the server or with a refusal that repeating does not cure; a dead line is waited for. */
export async function uploadSealed(work: UploadWork): Promise<Uploaded> {
  let upload = work.upload;
  for (let failures = 0; ; ) {
    const place = await placeOf(work, upload);
    if (place.ok) {
      upload = place.value.id;
      work.onBytes(place.value.received, work.file.size);
      if (place.value.received >= work.file.size) return { ok: true, upload };
      const sent = await send(work, place.value);
      if (sent === null) {
        failures = 0;
        continue;
      }
      if (!canPass(sent)) return { ok: false, refusal: sent };
      work.onCut(sent.status === 0);
    } else {
      if (place.refusal.code === 'upload-unknown' && upload !== null) {
        upload = null;
        continue;
      }
      if (!canPass(place.refusal)) return { ok: false, refusal: place.refusal };
      work.onCut(place.refusal.status === 0);
    }
    failures += 1;
    await work.wait(Math.min(15_000, 500 * 2 ** failures));
  }
}

async function placeOf(
  { api, lot, file, keep }: UploadWork,
  upload: string | null,
): Promise<Outcome<'POST /api/lots/:lot/uploads'>> {
  if (upload !== null) return api.call('GET /api/lots/:lot/uploads/:upload', { params: { lot, upload } }) as never;
  const begun = await api.call('POST /api/lots/:lot/uploads', { params: { lot }, body: { bytes: file.size } });
  if (begun.ok) await keep(begun.value.id);
  return begun;
}

/** Sends pieces until the end or the first refusal; null at the end. */
async function send({ api, lot, file, onBytes, onCut }: UploadWork, { id, received }: Known): Promise<Refusal | null> {
  for (let at = received; at < file.size; ) {
    const sent = await api.call(
      'PATCH /api/lots/:lot/uploads/:upload',
      { params: { lot, upload: id }, body: file.slice(at, at + pieceBytes) },
      { headers: { 'Upload-Offset': String(at), 'Content-Type': 'application/octet-stream' } },
    );
    if (!sent.ok) return sent.refusal;
    onCut(false);
    at = sent.value.received;
    onBytes(at, file.size);
  }
  return null;
}
