/** `npm run bench`: every benchmark, each figure beside its goal. Names on the command line choose; CI does not run it. */
import type { BenchRow } from './row.ts';

type Bench = { readonly name: string; readonly run: () => Promise<readonly BenchRow[]> };
const benches: readonly Bench[] = [
  { name: 'start', run: async () => (await import('./start.bench.ts')).startBench() },
  { name: 'http', run: async () => (await import('./http.bench.ts')).httpBench() },
];

const met = ({ value, goal }: BenchRow): string => {
  if (!goal) return '';
  const asked = goal.atLeast !== undefined ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
  const reached =
    (goal.atLeast === undefined || value >= goal.atLeast) && (goal.atMost === undefined || value <= goal.atMost);
  return `${asked}  ${reached ? 'met' : 'MISSED'}`;
};

const chosen = process.argv.slice(2);
let missed = 0;
for (const { name, run } of benches.filter((bench) => chosen.length === 0 || chosen.includes(bench.name))) {
  console.log(`\n${name}`);
  for (const row of await run()) {
    const verdict = met(row);
    if (verdict.endsWith('MISSED')) missed += 1;
    console.log(`  ${row.name.padEnd(56)} ${row.value.toFixed(2).padStart(10)} ${row.unit.padEnd(11)} ${verdict}`);
  }
}
process.exitCode = missed > 0 ? 1 : 0;
