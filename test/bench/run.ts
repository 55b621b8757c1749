/** `npm run bench`: every benchmark, each figure beside its goal. Names on the command line choose; CI does not run it. */
import type { JournalBench } from './journal.bench.ts';
import type { BenchRow } from './row.ts';

type Bench = { readonly name: string; readonly run: () => Promise<readonly BenchRow[]> };
const benches: readonly Bench[] = [
  { name: 'start', run: async () => (await import('./start.bench.ts')).startBench() },
  { name: 'http', run: async () => (await import('./http.bench.ts')).httpBench() },
  { name: 'hall', run: async () => (await import('./hall.bench.ts')).hallBench() },
  { name: 'sealing', run: async () => (await import('./sealing.bench.ts')).sealingBench() },
  { name: 'journal', run: async () => journalRows(await (await import('./journal.bench.ts')).benchJournal()) },
];

function journalRows({ database, ratio, appendsPerSecond, insertsPerSecond, latency }: JournalBench): BenchRow[] {
  return [
    { name: `plain batched inserts (${database})`, value: insertsPerSecond, unit: 'entries/s', goal: null },
    { name: `appends with receipts (${database})`, value: appendsPerSecond, unit: 'entries/s', goal: null },
    { name: 'appends with receipts against plain inserts', value: ratio, unit: 'ratio', goal: { atLeast: 0.5 } },
    {
      name: `receipt at ${latency.offeredPerSecond} appends a second, 99th percentile`,
      value: latency.p99,
      unit: 'ms',
      goal: { atMost: 300 },
    },
  ];
}

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
