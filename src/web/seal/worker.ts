/**
 * Seals a tender in the browser, away from the page's thread: files are read as streams, ciphertext goes to the browser's own file
 * system, and only the manifest's bytes go to the page, to be signed. It has no network code and never holds a signing key; the
 * tender's own key ends with it. What an attacker controls: the policy and its signatures, which are checked first.
 */
import { toBase64, utf8 } from '../../formats/bytes.ts';
import { certificatesFromPem } from '../../formats/cms.ts';
import { FormatError } from '../../formats/format-error.ts';
import { SealError, type SealedTender, type SealFile, type SealInput, sealTender } from '../../sealing/index.ts';
import { instantOf } from './instant.ts';
import { type Lane, progressOf } from './progress.ts';
import type { FromWorker, SealTask, ToWorker } from './protocol.ts';
import { folderOf, forget, keep } from './store.ts';

const say = (message: FromWorker): void => self.postMessage(message);

/** Of workers only, so absent from the page's types; it writes without a copy in memory. */
type SyncFile = {
  createSyncAccessHandle(): Promise<{
    write(piece: Uint8Array, at: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
};

class NotSigned extends Error {}
let signing: { resolve(signature: Uint8Array): void; reject(error: Error): void } | null = null;

/** The page signs with the key that it alone may ask. */
function signAtPage(manifest: Uint8Array): Promise<Uint8Array> {
  say({ kind: 'sign', manifest });
  return new Promise((resolve, reject) => {
    signing = { resolve, reject };
  });
}

async function* piecesOf(file: File, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    onBytes(next.value.length);
    yield next.value;
  }
}

type Move = (lane: Lane, bytes: number, total: number) => void;

function filesOf(files: readonly File[], move: Move): SealFile[] {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let read = 0;
  const onBytes = (bytes: number) => {
    read += bytes;
    move('pack', read, total);
  };
  return files.map((file) => ({ name: file.name, bytes: file.size, content: () => piecesOf(file, onBytes) }));
}

const onStage =
  (move: Move): SealInput['onProgress'] =>
  ({ stage, bytes, total }) => {
    if (stage === 'tender') move('encrypt', Math.min(bytes, total - 1), total);
    if (stage === 'shares') {
      move('pack', 1, 1);
      move('encrypt', total, total);
    }
    if (stage === 'signature') move('shares', 1, 1);
    if (stage === 'kit') move('sign', 1, 1);
  };

async function seal(task: SealTask): Promise<void> {
  const move = progressOf(
    (state) => say({ kind: 'progress', state }),
    () => performance.now(),
  );
  // What an earlier sealing left is not mixed with this one.
  await forget(task.organisation, task.lot);
  const folder = await folderOf(task.organisation, task.lot);
  const file = await folder.getFileHandle('tender.age', { create: true });
  const access = await (file as unknown as SyncFile).createSyncAccessHandle();
  let sealed: SealedTender;
  try {
    let at = 0;
    sealed = await sealTender(inputOf(task, move), (piece) => {
      at += access.write(piece, { at });
    });
    access.flush();
  } finally {
    access.close();
  }
  await keep(folder, {
    lot: task.lot,
    organisation: task.organisation,
    manifestSha256: sealed.manifestSha256,
    manifest: toBase64(sealed.manifestBytes),
    signature: toBase64(sealed.p7s),
    envelopes: sealed.envelopes.map(({ x, bytes }) => ({ x, bytes: toBase64(bytes) })),
    upload: null,
  });
  const { tender, manifestSha256, envelopes, kit } = sealed;
  const facts = { tenderSha256: tender.sha256, tenderBytes: tender.bytes, manifestSha256, kit };
  say({ kind: 'done', facts: { ...facts, envelopes: envelopes.length } });
}

const inputOf = (task: SealTask, move: Move): SealInput => ({
  seq: task.seq,
  prev: task.prev,
  lot: task.lot,
  bidder: task.organisation,
  policyBytes: utf8(task.policyText),
  policySignatures: task.policySignatures,
  roots: certificatesFromPem(task.roots),
  key: { certSha256: task.certSha256, sign: signAtPage },
  readOut: task.readOut,
  files: filesOf(task.files, move),
  now: instantOf(task.epochMilliseconds),
  passphrase: task.passphrase,
  onProgress: onStage(move)!,
});

/** A code the page has words for; a full disk is the browser's own name for it. */
function codeOf(error: unknown): string {
  if (error instanceof SealError || error instanceof FormatError) return error.code;
  if (error instanceof NotSigned) return 'not-signed';
  return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'disk-full' : 'seal-failed';
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'signed') signing?.resolve(data.signature);
  else if (data.kind === 'not-signed') signing?.reject(new NotSigned());
  else
    seal(data).catch((error: unknown) =>
      say({ kind: 'failed', code: codeOf(error), detail: error instanceof Error ? error.message : String(error) }),
    );
});
