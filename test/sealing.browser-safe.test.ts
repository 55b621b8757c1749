import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it.each(['src/formats', 'src/sealing'])('%s runs in a browser: no Node module, no Node global', (folder) => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(10);
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect([name, /from '(node:|\.\.\/platform)|\bBuffer\.|\bprocess\./.exec(text)?.[0]]).toEqual([name, undefined]);
  }
});
