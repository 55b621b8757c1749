/** Opens tenders on all cores. Threads live only while there is work: an opening happens once in weeks. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { UnsealJob, UnsealVerdict, UnsealWorkerData } from './unseal-worker.ts';

type Answer = { readonly id: number; readonly verdict?: UnsealVerdict; readonly error?: string };

/**
 * Runs the jobs and hands on each verdict as it comes. A job whose thread fails is reported by its error; the others go on.
 * `folder` is the file store's.
 */
export async function unsealAll(
  jobs: readonly UnsealJob[],
  folder: string,
  done: (index: number, outcome: UnsealVerdict | Error) => Promise<void>,
): Promise<void> {
  let next = 0;
  const cores = availableParallelism();
  const threads = Math.min(cores, jobs.length);
  // A few large tenders: the spare cores hash while these decrypt. At most two hashes run for one tender.
  const hashing = Math.min(2, Math.floor(cores / Math.max(1, threads)) - 1);
  const workerData: UnsealWorkerData = { folder, hashing };
  const work = async () => {
    let worker = newWorker(workerData);
    try {
      while (next < jobs.length) {
        const id = next++;
        const outcome = await runOne(worker, id, jobs[id] as UnsealJob);
        await done(id, outcome);
        // A thread that a tender has brought down answers nothing more.
        if (outcome instanceof Error) {
          await worker.terminate();
          worker = newWorker(workerData);
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}

const newWorker = (workerData: UnsealWorkerData): Worker =>
  new Worker(new URL('./unseal-worker.ts', import.meta.url), { workerData });

function runOne(worker: Worker, id: number, job: UnsealJob): Promise<UnsealVerdict | Error> {
  return new Promise((resolve) => {
    const settle = (outcome: UnsealVerdict | Error) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      resolve(outcome);
    };
    const onMessage = (answer: Answer) => settle(answer.verdict ?? new Error(answer.error));
    const onError = (error: unknown) => settle(error instanceof Error ? error : new Error(String(error)));
    const onExit = (code: number) => settle(new Error(`the thread ended with ${code}`));
    worker.on('exit', onExit);
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage({ id, job });
  });
}
