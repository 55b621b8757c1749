/**
 * score-sheet.json: the marks that one member of the committee gave to all offers of a lot. The member signs these bytes
 * (detached CMS); at the lock the journal shows only their SHA-256 and the seat, so marks and names stay hidden until all
 * sheets are locked and the result is out.
 */
import { z } from 'zod';
import { mark } from '../../evaluation/scheme.ts';
import { concatBytes, fromHex, sha256Hex, utf8 } from './bytes.ts';
import { documentType, identifier, instantUtc, sha256Text, suite } from './primitives.ts';

const expertPrefix = utf8('yangguang.org/expert/v1\n');

/**
 * How a member is named while names are secret: SHA-256(`yangguang.org/expert/v1` LF, 32-byte salt, person id). The salt
 * is published with the result; before that nobody can try out the people of the pool.
 */
export function expertCommitment(person: string, saltHex: string): string {
  return sha256Hex(concatBytes(expertPrefix, fromHex(saltHex), utf8(person)));
}

export const scoreSheet = z.strictObject({
  type: documentType('score-sheet'),
  suite,
  lot: identifier,
  /** Hash of the canonical evaluation scheme that was fixed with the documents. */
  schemeSha256: sha256Text,
  /** The member's commitment (`expertCommitment`). */
  expert: sha256Text,
  /** From 1; a sheet that was reopened is followed by one that names its hash. */
  revision: z.number().int().min(1).max(100),
  prev: sha256Text.nullable(),
  /** Sorted by offer, then criterion; offers are named by the hash of their manifest. */
  marks: z.array(mark.extend({ offer: sha256Text })).max(20_000),
  /** What the member writes about an offer. */
  remarks: z.array(z.strictObject({ offer: sha256Text, text: z.string().min(1).max(2_000) })).max(2_000),
  /** The member's own clock; the time that counts is the journal's. */
  claimedAt: instantUtc,
  /** Random, so that the hash published at the lock says nothing about the marks. */
  salt: sha256Text,
});
export type ScoreSheet = z.infer<typeof scoreSheet>;

/** Whether the marks stand in their one order: by offer, then criterion, none twice. */
export function marksInOrder(marks: ScoreSheet['marks']): boolean {
  return marks.every((next, i) => {
    const before = marks[i - 1];
    if (!before) return true;
    return before.offer < next.offer || (before.offer === next.offer && before.criterion < next.criterion);
  });
}
