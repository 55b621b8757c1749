/** Instants as the signed texts write them, without Temporal: not every browser has it yet. */

/** RFC 3339 UTC to the second, rounded down: `2026-03-02T02:00:00Z`. */
export const timeText = (epochMilliseconds: number): string =>
  `${new globalThis.Date(epochMilliseconds).toISOString().slice(0, 19)}Z`;

/** The signer's clock where the server's time is not known yet. */
export const machineNow = (): number => performance.timeOrigin + performance.now();
