import { expect, it } from 'vitest';
import { nativePrimitives } from '../src/platform/age-primitives.ts';
import { memoryBundle } from '../src/verify/bundle-reader.ts';
import { verify } from '../src/verify/verify.ts';
import { buildBundle, trust } from './support/bundle-fixture.ts';

it.each(['public', 'audit'] as const)('an untampered %s bundle is valid and witnessed', async (level) => {
  const { files } = await buildBundle({ level });
  const verdict = await verify(memoryBundle(files), trust, { primitives: nativePrimitives });
  expect(verdict.steps.filter((s) => !s.ok)).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, verdict: 'valid', code: null, witnessed: true });
});
