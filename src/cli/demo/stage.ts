/** What every stage of the demo works with, and what it leaves for the next. */
import { type Certificate, certificatesFromPem } from '../../formats/cms.ts';
import type { TrustFile } from '../../formats/trust.ts';
import { type Client, connect } from '../client.ts';
import type { Progress } from '../progress.ts';
import type { City, TestPerson } from './city.ts';

export type World = {
  readonly base: string;
  /** Folder for what the parties keep on their own machines. */
  readonly folder: string;
  readonly city: City;
  now(): Temporal.Instant;
  /** Moves the demo's clock to an instant, and waits until the server has done what was due by then. */
  advanceTo(instant: string): Promise<void>;
  readonly trust: TrustFile;
  readonly roots: readonly Certificate[];
  readonly progress: Progress;
  /** A line of the story, with its proof where there is one. */
  tell(text: string, proof?: string): void;
  /** Megabytes of each bidder's drawing. */
  readonly megabytes: number;
};

export type Officer = TestPerson & {
  readonly role: 'host' | 'tenderer' | 'witness' | 'supervisor';
  readonly identity: string;
};

/** Waits until a reading satisfies the test; the server works on its own between two requests. */
export async function until<T>(
  read: () => Promise<T>,
  test: (value: T) => boolean,
  what: string,
  seconds = 60,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (test(value)) return value;
    if (performance.now() > end)
      throw new Error(`等待超时 / timed out waiting for ${what}: ${JSON.stringify(value).slice(0, 400)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Trust roots read from the server: what a first visitor does; later visits compare with what was kept. */
export async function readTrust(
  base: string,
  witnessPolicy: string | null,
): Promise<{ trust: TrustFile; roots: Certificate[] }> {
  const visitor: Client = await connect({ base });
  const pem = new TextDecoder().decode(await visitor.download('/api/trust/roots'));
  const logVkey = new TextDecoder().decode(await visitor.download('/log/vkey')).trim();
  const trust: TrustFile = {
    type: 'yangguang.org/trust/v1',
    logVkey,
    caRoots: [pem],
    witnessPolicy,
    pinnedCheckpoint: null,
  };
  return { trust, roots: certificatesFromPem(pem) };
}

/** Index of the entry that a receipt proves, for a line of the story. */
export const indexOf = (receipt: string): string => /^index (\d+)$/m.exec(receipt)?.[1] ?? '?';
export const short = (hash: string): string => `${hash.slice(0, 12)}…`;
