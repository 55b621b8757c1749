/**
 * The process's clock. Legal deadlines are never judged by it: acts take `clock_timestamp()` of the database inside their
 * transaction (journal/act). The offset is for the demo and tests only and is added to both.
 */
export type Clock = {
  /** Now, by this machine plus the demo offset. */
  now(): Temporal.Instant;
  /** Microseconds added to every clock reading; 0n outside demo and tests. */
  offsetMicroseconds(): bigint;
  /** Moves time forward; a real clock refuses. */
  advance(duration: Temporal.Duration): void;
};

/** The real clock: its offset is always zero. */
export function systemClock(): Clock {
  return {
    now: () => Temporal.Now.instant(),
    offsetMicroseconds: () => 0n,
    advance: () => {
      throw new Error('the real clock cannot be moved');
    },
  };
}

/** A clock for demo and tests that can be moved forward. It runs on between moves like the real one. */
export function movableClock(startOffsetMicroseconds = 0n): Clock {
  let offset = startOffsetMicroseconds;
  return {
    now: () => Temporal.Instant.fromEpochNanoseconds(Temporal.Now.instant().epochNanoseconds + offset * 1000n),
    offsetMicroseconds: () => offset,
    advance: (duration) => {
      const micros = BigInt(Math.round(duration.total('microseconds')));
      if (micros < 0n) throw new RangeError('time does not run backwards');
      offset += micros;
    },
  };
}

/** RFC 3339 UTC with six decimals, as in every durable format; such texts order as the instants do. */
export function instantText(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'microsecond' });
}
