/**
 * A/B/C value: A = R x (1 - d); range [A x low, A x high]; C = lowest offer in range; B = the drawn one of the rest in
 * range, ascending (alone: B = C); benchmark (wA x A + wB x B + wC x C) x K; none in range: A x K.
 */
import { z } from 'zod';
import { add, compare, mul, one, percent, sub } from '../fraction.ts';
import { benchmarkMethod, benchmarkStep } from '../method.ts';
import { decimal } from '../scheme.ts';
import { ascending, idList } from '../trimming.ts';

export const abcValue = benchmarkMethod({
  id: 'abc-value',
  name: { zh: 'ABC 值基准价法', en: 'A/B/C value' },
  source: '[practice]',
  needsCeiling: true,
  fields: {
    discountPercent: decimal.prefault('5'),
    lowPercent: decimal.prefault('97'),
    highPercent: decimal.prefault('102'),
    weightA: decimal.prefault('0.5'),
    weightB: decimal.prefault('0.3'),
    weightC: decimal.prefault('0.2'),
    factor: decimal.prefault('0.98'),
    /**
     * Place of B among the rest in range, from 1. It is drawn before the prices are read, so nobody knows how many there will
     * be: past the end the counting goes on from the first.
     */
    positionB: z.number().int().min(1).max(2000),
  },
  benchmark: (offers, p, ceiling) => {
    const a = mul(ceiling, sub(one, percent(p.discountPercent)));
    const [low, high] = [mul(a, percent(p.lowPercent)), mul(a, percent(p.highPercent))];
    const inside = ascending(offers.filter((o) => compare(o.price, low) >= 0 && compare(o.price, high) <= 0));
    const inputs = { R: ceiling, A: a, low, high, inside: idList(inside), position: p.positionB, K: p.factor };
    const [c, ...rest] = inside;
    if (!c) {
      const value = mul(a, p.factor);
      return { value, trace: benchmarkStep('m = 0: B = A × K', inputs, value) };
    }
    const b = rest.length === 0 ? c : rest[(p.positionB - 1) % rest.length]!;
    const mixed = add(add(mul(p.weightA, a), mul(p.weightB, b.price)), mul(p.weightC, c.price));
    const value = mul(mixed, p.factor);
    const drawn = { B: b.price, C: c.price, wA: p.weightA, wB: p.weightB, wC: p.weightC };
    return { value, trace: benchmarkStep('(wA × A + wB × B + wC × C) × K', { ...inputs, ...drawn }, value) };
  },
});
