/** Files decoys at random moments into every lot that takes tenders, so that sealed leaves cannot be counted as tenders. */

import { randomOctets } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';

export type DecoyOptions = {
  readonly openLots: () => Promise<readonly string[]>;
  readonly file: (lot: string) => Promise<unknown>;
  readonly logger: Logger;
  /** Mean seconds between two decoys of the whole platform. */
  readonly meanSeconds: number;
};

/** Starts the decoys; gives the function that stops them. Waiting times are exponential, so a gap tells nothing. */
export function startDecoys({ openLots, file, logger, meanSeconds }: DecoyOptions): () => void {
  let timer: NodeJS.Timeout;
  const again = () => {
    timer = setTimeout(
      () => {
        tick().catch((error: unknown) => logger.warn({ err: error }, 'decoy failed'));
        again();
      },
      -Math.log(uniform()) * meanSeconds * 1000,
    );
    timer.unref();
  };
  const tick = async () => {
    const lots = await openLots();
    const lot = lots[Math.floor(uniform() * lots.length)];
    if (lot !== undefined) await file(lot);
  };
  again();
  return () => clearTimeout(timer);
}

/** Uniform in (0, 1) from the operating system's randomness. */
function uniform(): number {
  const [a = 0, b = 0, c = 0, d = 0] = randomOctets(4);
  return (((a << 24) >>> 0) + (b << 16) + (c << 8) + d + 0.5) / 2 ** 32;
}
