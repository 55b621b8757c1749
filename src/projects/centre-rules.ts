/** The centre's own stricter figures: `centre-rules.json` in the data folder, read once at start. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { procedures } from './procedures/registry.ts';
import { type CentreRule, centreFaults } from './procedures/rule-table.ts';

const day = z.iso.date();
const table = z.array(
  z.strictObject({
    type: z.string().min(1).max(60),
    code: z.string().min(1).max(60),
    value: z.number().int().min(0),
    source: z.string().min(1).max(200),
    from: day,
    to: day.nullable().default(null),
  }),
);

/** The table as it binds; none when there is no file. Throws a sentence naming each row that no type has or that loosens the law. */
export function readCentreRules(dataDir: string): readonly CentreRule[] {
  const file = join(dataDir, 'centre-rules.json');
  if (!existsSync(file)) return [];
  const rows = table.parse(JSON.parse(readFileSync(file, 'utf8')));
  const faults = centreFaults(procedures, rows);
  if (faults.length > 0)
    throw new Error(
      `中心规则只能从严 / a centre's rule may tighten only (centre-rules.json):\n  ${faults.join('\n  ')}`,
    );
  return rows;
}
