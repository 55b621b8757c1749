/**
 * Several stories under one clock that only goes forward. Each story runs until it asks for a later instant; when all of them
 * wait, the clock moves to the earliest instant asked for. So what happens at one time runs side by side, and nothing happens out
 * of order.
 */

export type MovableClock = {
  now(): Temporal.Instant;
  /** Moves forward to the instant or a little past it; does nothing where that has passed. */
  moveTo(instant: Temporal.Instant): Promise<void>;
};

/** Thrown to a story whose next scene lies after the end: it stops there, and that is no failure. */
class StoryStops extends Error {}

export type Story = (advanceTo: (instant: string) => Promise<void>) => Promise<void>;

type Waiting = { readonly at: Temporal.Instant; go(): void; fail(error: unknown): void };

/** Plays the stories up to `end` and leaves the clock there. Rejects with the first failure; the other stories stop with it. */
export async function playTogether(
  stories: readonly Story[],
  clock: MovableClock,
  end: Temporal.Instant,
): Promise<void> {
  const waiting = new Set<Waiting>();
  let active = stories.length;
  let failure: { readonly error: unknown } | null = null;
  const fail = (error: unknown) => {
    failure ??= { error };
    for (const one of waiting) one.fail(error);
    waiting.clear();
  };
  const wake = async () => {
    if (active > 0 || waiting.size === 0) return;
    const [earliest] = [...waiting].toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
    await clock.moveTo(earliest!.at);
    const now = clock.now();
    for (const one of [...waiting].filter(({ at }) => Temporal.Instant.compare(at, now) <= 0)) {
      waiting.delete(one);
      active += 1;
      one.go();
    }
  };
  const rest = () => {
    active -= 1;
    wake().catch(fail);
  };
  const advanceTo = async (text: string): Promise<void> => {
    if (failure) throw failure.error;
    const at = Temporal.Instant.from(text);
    if (Temporal.Instant.compare(at, clock.now()) <= 0) return;
    if (Temporal.Instant.compare(at, end) > 0) throw new StoryStops();
    await new Promise<void>((go, stop) => {
      waiting.add({ at, go, fail: stop });
      rest();
    });
  };
  const play = async (story: Story) => {
    try {
      await story(advanceTo);
    } catch (error) {
      if (!(error instanceof StoryStops)) fail(error);
    }
    rest();
  };
  await Promise.all(stories.map(play));
  if (failure) throw (failure as { readonly error: unknown }).error;
  await clock.moveTo(end);
}
