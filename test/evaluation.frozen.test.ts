import { describe, expect, it } from 'vitest';
import { rank } from '../evaluation/rank.ts';
import { allMethods } from '../evaluation/registry.ts';
import { rankingHash } from '../src/formats/evaluation-report.ts';
import { criterionOf, input, letters, offersOf, prices, sheetOf } from './support/offers.ts';

/** Parameters under which each method is frozen; a new method adds its line. */
const cases: Record<string, Record<string, unknown>> = {
  'trimmed-average': { discountPercent: '3', above: '2', below: '1' },
  'weighted-ceiling': {},
  'interval-average': {},
  composite: {},
  'second-average': { mode: 'withFirst' },
  'abc-value': { positionB: 3 },
  'lowest-price': { full: '30' },
  'evaluated-price': {},
  'feature-price': { largestShares: ['10', '5'] },
  'points-per-price': {},
};

const frozen: Record<string, string> = {
  'trimmed-average': '15b310f6734925289324c5803236103741eb54c297c66796c3151475e996bc85',
  'weighted-ceiling': '9c42f48b3931bf02895fad6d5b5beb9e6f140e7fa0f4e1b781730aab40587aa7',
  'interval-average': '769afe0527bb6bc03ceb01b950eec8936baeab2b38f82492f95b52c42baad5c7',
  composite: '42453cbd1ad5ba478536fef406dfe05a4f88b82e316fe786e5b3257b590c537e',
  'second-average': 'c5810e7da5939e1495c401d6f4a665aa7c96118dced822508dce859de6d27b01',
  'abc-value': '835159a2901ab68a801dbe2e60a175b68f2392211170db0b37677e1b7a13e021',
  'lowest-price': '2d2cd08fa51ade07bab57a7980b9e05ddc1482c621dfaa6ef9ef976b80f94d84',
  'evaluated-price': 'c2edfd85b5a0d850cf72b80ff63c1c1c279a0e474fc0dc869aca9c65adea7c78',
  'feature-price': '50de2e2a2e908c7ccd3cc3af69a7aabd5bb6ed2c87f98f2c4d74f8439119b0a2',
  'points-per-price': '1fa2797e2de6931a8395916efe00098c8d8a74facfe15edd7440129581d15db5',
};

describe('a ranking keeps its bytes for ever (yangguang.org/ranking/v1)', () => {
  const criteria = [criterionOf('T', 'technical', '45'), criterionOf('C', 'commercial', '20')];
  const sheets = [1, 2, 3, 4, 5].map((n) =>
    sheetOf(
      `e${n}`,
      Object.fromEntries(letters.map((id, i) => [id, { T: `${30 + ((i * n) % 7)}.5`, C: String(n + i) }])),
    ),
  );
  const offers = offersOf([...prices, 10_600_000]).map((o) =>
    o.id === 'D' ? { ...o, rejected: { code: 'not-responsive', article: 'TR 51', reason: '未响应' } } : o,
  );

  it.each(allMethods.map((m) => m.id))('%s', (method) => {
    const result = rank(input({ method, params: cases[method]!, criteria, sheets, offers }));
    expect(rankingHash(result)).toBe(frozen[method]);
  });
});
