/** Unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, the last one checks the others. */

import type { Refusal } from '../platform/refusal.ts';
import { partyRefusal } from './refusals.ts';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The check character of the first 17: 31 less the sum of value times 3^i mod 31, mod 31. Null where a character is foreign. */
export function usccCheckCharacter(first17: string): string | null {
  if (!/^[0-9A-HJ-NPQRTUWXY]{17}$/.test(first17)) return null;
  let sum = 0;
  let weight = 1;
  for (const character of first17) {
    sum += alphabet.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return alphabet[(31 - (sum % 31)) % 31] ?? null;
}

/** Whether the text is a well-formed code with its right check character. */
export function isUscc(code: string): boolean {
  return code.length === 18 && usccCheckCharacter(code.slice(0, 17)) === code[17];
}

/** `uscc-invalid` with the right check character (null where a character is foreign or the length wrong); null where all is well. */
export function usccRefused(uscc: string): Refusal | null {
  if (isUscc(uscc)) return null;
  return partyRefusal('uscc-invalid', { uscc, checkCharacter: usccCheckCharacter(uscc.slice(0, 17)) });
}
