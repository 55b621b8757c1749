/** Runs one sealing in a worker of its own, which ends with it; nothing of the tender's key outlives it. */
import type { LaneState } from './progress.ts';
import type { FromWorker, SealedFacts, SealTask, ToWorker } from './protocol.ts';

/** Why a sealing stopped; `code` is a SealCode, a reason code of the formats, or one of the worker's own. */
export class SealingStopped extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'SealingStopped';
    this.code = code;
  }
}

type Run = {
  readonly task: SealTask;
  sign(manifest: Uint8Array): Promise<Uint8Array>;
  onLane(state: LaneState): void;
  readonly signal: AbortSignal;
};

/** Rejects with SealingStopped. */
export function runSealing({ task, sign, onLane, signal }: Run): Promise<SealedFacts> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'yangguang-seal' });
  const tell = (message: ToWorker) => worker.postMessage(message);
  return new Promise<SealedFacts>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new SealingStopped('given-up', '')));
    worker.onerror = (event) => reject(new SealingStopped('seal-failed', event.message));
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'progress') onLane(data.state);
      else if (data.kind === 'done') resolve(data.facts);
      else if (data.kind === 'failed') reject(new SealingStopped(data.code, data.detail));
      else
        sign(data.manifest).then(
          (signature) => tell({ kind: 'signed', signature }),
          () => tell({ kind: 'not-signed' }),
        );
    };
    tell(task);
  }).finally(() => worker.terminate());
}
