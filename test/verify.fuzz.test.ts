/** Whatever a bundle holds, the verifier answers a verdict; and no changed bundle passes with another meaning. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativePrimitives } from '../src/platform/age-primitives.ts';
import { memoryBundle } from '../src/verify/bundle-reader.ts';
import { verify } from '../src/verify/verify.ts';
import { buildBundle, trust } from './support/bundle-fixture.ts';

const { files } = await buildBundle();
const paths = [...files.keys()].sort();
const verdictOf = (changed: ReadonlyMap<string, Uint8Array>) =>
  verify(memoryBundle(changed), trust, { primitives: nativePrimitives });

/** Files with bytes that say nothing: unsigned fields and certificates beside a signature, cosignatures of unknown keys, a last newline. */
const mayVary = (path: string) => path.endsWith('.p7s') || path.startsWith('log/');

const change = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('replace' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ kind: fc.constant('remove' as const) }),
);
function changed(bytes: Uint8Array, how: typeof change extends fc.Arbitrary<infer T> ? T : never): Uint8Array | null {
  const at = 'at' in how ? how.at % bytes.length : 0;
  switch (how.kind) {
    case 'flip':
      return bytes.map((b, i) => (i === at ? b ^ (1 << how.bit) : b));
    case 'cut':
      return bytes.subarray(0, at);
    case 'insert':
      return Uint8Array.from([...bytes.subarray(0, at), how.byte, ...bytes.subarray(at)]);
    case 'replace':
      return how.bytes;
    case 'remove':
      return null;
  }
}

describe('random changes', () => {
  it('any changed file gives a verdict, and never valid where it means something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), change, async (path, how) => {
        const bytes = changed(files.get(path)!, how);
        const other = new Map(files);
        if (bytes) other.set(path, bytes);
        else other.delete(path);
        const verdict = await verdictOf(other);
        if (!mayVary(path)) expect([path, verdict.verdict]).not.toEqual([path, 'valid']);
      }),
      { numRuns: 120 },
    );
  });

  it('files exchanged with each other never pass', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.constantFrom(...paths), async (a, b) => {
        fc.pre(a !== b && !(a.startsWith('log/checkpoints') || b.startsWith('log/checkpoints')));
        const other = new Map(files).set(a, files.get(b)!).set(b, files.get(a)!);
        const policySignatures = /^policy-\d/.test(a) && /^policy-\d/.test(b);
        const verdict = await verdictOf(other);
        // Officers' signatures count as a set.
        expect(verdict.verdict === 'valid').toBe(policySignatures);
      }),
      { numRuns: 40 },
    );
  });
});
