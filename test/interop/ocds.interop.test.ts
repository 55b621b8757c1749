import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/platform/refusal.ts';
import { projectFromOcds } from '../../src/projects/ocds.ts';
import { releaseOf, releasePackage } from '../../src/projects/ocds-release.ts';
import { decideProject } from '../../src/projects/rules.ts';
import type { ProjectState } from '../../src/projects/state.ts';
import { factsAt, lawful, noticeDay, published } from '../support/registration.ts';

const folder = resolve(import.meta.dirname, '../../../shared/data/ocds');
const there = existsSync(folder);
if (!there) console.log('ocds: skipped, because the schemas and examples of the standard are not beside the project');
const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** The schemas are draft 4: the same but for the name of `$id`. */
function modern({ $schema: _draft, id, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return { ...schema, $id: id };
}

function validators() {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  const release = ajv.compile(modern(json('release-schema.json')));
  return { release, pack: ajv.compile(modern(json('release-package-schema.json'))) };
}

const tenderer = { id: 'tenderer-1', name: '海滨市水务集团有限公司', uscc: '91110000802100433B' };
const agency = { id: 'agency-1', name: '海滨招标代理有限公司', uscc: '91440300708461136T' };
const origin = 'https://trade.example';
const notice = { id: 'n2', kind: 'change', at: '2026-11-02T02:00:00.000000Z', text: '变更', duties: [] } as const;
const states: [string, ProjectState][] = [
  ['open works', published()],
  ['an invited tender for design', { ...published(), type: 'construction-invited-design', invited: ['a', 'b', 'c'] }],
  ['an amended one', { ...published(), notices: [{ ...notice, id: 'n1', kind: 'notice' }, notice] }],
  ['a terminated one', { ...published(), status: 'terminated', documents: [], answers: [] }],
  [
    'many lots',
    { ...published(), lots: Array.from({ length: 200 }, (_, i) => ({ ...lawful.lots[0]!, id: `lot-${i}` })) },
  ],
];

describe.runIf(there)('by the schemas of the standard', () => {
  it.each(states)('a release of %s is valid, alone and in its package', (_name, state) => {
    const { release, pack } = validators();
    for (const by of [null, agency]) {
      const made = JSON.parse(JSON.stringify(releaseOf(state, tenderer, by, origin)));
      release(made);
      expect(release.errors).toBeNull();
      pack(JSON.parse(JSON.stringify(releasePackage(made, origin, state.id))));
      expect(pack.errors).toBeNull();
    }
  });

  it('a release without its date or with an unknown status would be found', () => {
    const { release } = validators();
    const made = releaseOf(published(), tenderer, null, origin);
    expect(release({ ...made, date: undefined, id: 7 })).toBe(false);
    expect(release({ ...made, tender: { ...made.tender, status: 'going well' } })).toBe(false);
  });

  it.each(there ? readdirSync(folder).filter((f) => /^example-0[2-6]/.test(f)) : [])(
    '%s of the sample data becomes a lawful registration, with what could not be mapped named',
    (file) => {
      const document = json(file);
      const tender = (document.releases as { tender?: object }[])[0]?.tender;
      if (tender === undefined) {
        // Releases after the tender stage carry no tender of their own.
        expect(() => projectFromOcds(document, 'tenderer-1', noticeDay)).toThrow();
        return;
      }
      const { registration, notes } = projectFromOcds(document, 'tenderer-1', noticeDay);
      const lots = registration.lots.map((lot, i) => ({ ...lot, id: `lot-${i}` }));
      const command = { type: 'registerProject', registration: { ...registration, lots, opening: 'o' } } as const;
      const decided = decideProject({ ...published(), status: 'none' }, command, factsAt(noticeDay));
      expect(isRefusal(decided) ? decided.code : 'registered').toBe('registered');
      expect(registration.name).toBe('Planned cycle lane improvements');
      expect(registration.lots[0]?.estimateFen).toBe('value' in tender ? '110000000' : '1');
      const paths = notes.map((n) => n.path);
      expect(paths).toEqual(expect.arrayContaining(['tender.value', 'tender.tenderPeriod.endDate']));
      // Every field of the tender is read, safely left out, or named.
      const silent = ['id', 'status', 'title', 'description', 'mainProcurementCategory', 'procurementMethod'];
      for (const field of Object.keys(tender))
        if (!silent.includes(field))
          expect([
            field,
            paths.some((p) => p.startsWith(`tender.${field}`)) ||
              ['submissionMethod', 'procuringEntity', 'eligibilityCriteria'].includes(field),
          ]).toEqual([field, true]);
    },
  );
});
