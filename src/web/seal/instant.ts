/** An instant for the sealing program where the browser has no Temporal yet: text with microseconds, and epoch milliseconds. */
export function instantOf(epochMilliseconds: number): Temporal.Instant {
  const whole = Math.floor(epochMilliseconds);
  const text = new globalThis.Date(whole).toISOString();
  return { epochMilliseconds: whole, toString: () => text.replace('Z', '000Z') } as Temporal.Instant;
}
