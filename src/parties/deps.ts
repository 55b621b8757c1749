/** What the room's routes are made of. */
import type { Certificate } from '../formats/cms.ts';
import type { Journal, Reader } from '../journal/index.ts';
import type { Refusal } from '../platform/refusal.ts';
import type { Authority } from './authority.ts';
import type { Certificates } from './certificates.ts';
import type { Challenges } from './challenge.ts';
import type { Registers } from './registers.ts';
import type { Registrations } from './registrations.ts';
import type { Sessions } from './sessions.ts';
import type { VerifiedSigner } from './signatures.ts';

export type RouteDeps = {
  readonly journal: Journal;
  readonly registers: Registers;
  readonly certificates: Certificates;
  readonly registrations: Registrations;
  readonly challenges: Challenges;
  readonly sessions: Sessions;
  readonly authority: Authority;
  readonly clock: { now(): Temporal.Instant };
  readonly roots: () => readonly Certificate[];
  readonly verify: (reader: Reader, content: Uint8Array, p7s: Uint8Array, at: string) => Promise<VerifiedSigner>;
  /** The certificate of an outside CA behind a signed binding text. */
  readonly outsideCertificate: (signed: { text: string; signature: string }) => Promise<Refusal | Certificate>;
};
