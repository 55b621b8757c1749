/** The page's end of the key worker: one worker a tab, started when it is first needed. */
import type { Answered, KeyErrorCode, KeyTask, KeyTasks } from './protocol.ts';

export class KeyError extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode) {
    super(code);
    this.name = 'KeyError';
    this.code = code;
  }
}

type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (error: KeyError) => void };

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, Waiting>();

function start(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'yangguang-keys' });
  started.onmessage = ({ data }: MessageEvent<Answered>) => {
    const { resolve, reject } = waiting.get(data.id) ?? {};
    waiting.delete(data.id);
    if (data.ok) resolve?.(data.answer as never);
    else reject?.(new KeyError(data.code));
  };
  started.onerror = () => {
    // The script did not load or broke: nobody waits for ever, and the next question starts it anew.
    for (const { reject } of waiting.values()) reject(new KeyError('key-failed'));
    waiting.clear();
    started.terminate();
    worker = null;
  };
  return started;
}

/** Asks the worker. Rejects with KeyError. */
export function askWorker<T extends KeyTask>(task: T, asked: KeyTasks[T]['asked']): Promise<KeyTasks[T]['answer']> {
  worker ??= start();
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
    worker?.postMessage({ id, task, asked });
  });
}
