import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFromOcds } from '../src/projects/ocds.ts';
import { releaseOf } from '../src/projects/ocds-release.ts';
import { registrationInput } from '../src/projects/schemas.ts';
import { noticeDay, published, registered } from './support/registration.ts';

const tenderer = { id: 'tenderer-1', name: '水务集团', uscc: '91110000802100433B' };
const release = (tender: object) => ({ ocid: 'ocds-1', tender: { title: '工程', ...tender } });
const read = (tender: object) => projectFromOcds(release(tender), 'tenderer-1', noticeDay);
const pathsOf = (tender: object) => read(tender).notes.map((n) => n.path);

describe('a project as a release and back', () => {
  it('keeps name, type, lots, estimates, terms and dates', () => {
    const project = published();
    const document = JSON.parse(JSON.stringify(releaseOf(project, tenderer, null, 'https://trade.example')));
    const { registration, notes } = projectFromOcds({ releases: [document] }, 'tenderer-1', noticeDay);
    expect(registration).toMatchObject({
      name: project.name,
      type: project.type,
      qualification: project.qualification,
      lots: project.lots.map(({ name, estimateFen }) => ({ name, estimateFen })),
      schedule: { deadline: project.schedule.deadline, questionsUntil: project.schedule.questionsUntil },
    });
    expect(notes.map((n) => n.path)).toEqual([
      'tender.hasEnquiries',
      'tender.documents',
      'tender.amendments',
      'tender',
    ]);
    expect(notes.some((n) => n.path.startsWith('tender.value') || n.path.startsWith('tender.tenderPeriod'))).toBe(
      false,
    );
  });

  it('names tenderer and agency with their codes, never who was invited or who objected', () => {
    const secret = {
      ...published(),
      invited: ['firm-x'],
      objections: [{ id: 'o', by: 'h-secret', text: '', at: '', answerBy: '', answer: null }],
    };
    const text = JSON.stringify(releaseOf(secret, tenderer, { ...tenderer, id: 'agency-1' }, 'https://trade.example'));
    expect(text).toContain(tenderer.uscc);
    expect(text).not.toMatch(/firm-x|h-secret/);
  });

  it('exists only for what is published', () => {
    expect(() => releaseOf(registered(), tenderer, null, 'https://trade.example')).toThrow();
  });
});

describe('estimates', () => {
  it.each([
    [0.1, '10'],
    [1234.56, '123456'],
    [9999999999999.99, '999999999999999'],
    [1.005, '1'],
    [0, '1'],
    [-5, '1'],
    [1e21, '1'],
    [null, '1'],
  ])('%s yuan is %s fen', (amount, fen) => {
    const { registration, notes } = read({ value: { amount, currency: 'CNY' } });
    expect(registration.lots[0]?.estimateFen).toBe(fen);
    expect(notes.some((n) => n.path === 'tender.value')).toBe(fen === '1');
  });

  it('of another currency are named, not converted', () => {
    expect(pathsOf({ value: { amount: 5, currency: 'GBP' } })).toContain('tender.value');
  });

  it('survive the way through JSON numbers to the fen', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 900_000_000_000_000n }), (fen) => {
        const lots = [{ ...published().lots[0]!, estimateFen: fen.toString() }];
        const made = JSON.parse(
          JSON.stringify(releaseOf({ ...published(), lots }, tenderer, null, 'https://x.example')),
        );
        expect(projectFromOcds(made, 't', noticeDay).registration.lots[0]?.estimateFen).toBe(fen.toString());
      }),
    );
  });
});

describe('what a release leaves open or says otherwise', () => {
  it.each([
    ['an unknown category', { mainProcurementCategory: 'art' }, 'tender.mainProcurementCategory'],
    ['a way that is not open', { procurementMethod: 'limited' }, 'tender.procurementMethod'],
    ['no deadline', {}, 'tender.tenderPeriod.endDate'],
    ['a deadline in the past', { tenderPeriod: { endDate: '2010-04-01T18:00:00Z' } }, 'tender.tenderPeriod.endDate'],
    ['a deadline that is none', { tenderPeriod: { endDate: 'soon' } }, 'tender.tenderPeriod.endDate'],
    ['a field that has no place here', { milestones: [] }, 'tender.milestones'],
    ['a title of nothing', { title: ' ' }, 'tender.title'],
  ])('%s is named', (_name, tender, path) => {
    expect(pathsOf(tender)).toContain(path);
  });

  it('is filled with the shortest lawful dates', () => {
    expect(read({}).registration.schedule).toMatchObject({
      documentsFrom: '2026-10-30',
      documentsUntil: '2026-11-04',
      deadline: '2026-11-19T02:00:00.000000Z',
      questionsUntil: '2026-11-03T09:00:00.000000Z',
    });
  });
});

describe('documents from outside', () => {
  it.each([
    ['nothing', null],
    ['a list', []],
    ['an empty package', { releases: [] }],
    ['no tender', { ocid: 'x' }],
    ['a tender that is a text', { ocid: 'x', tender: 'works' }],
    ['lots without end', release({ lots: Array(201).fill({}) })],
  ])('%s is refused as no release', (_name, document) => {
    expect(() => projectFromOcds(document, 't', noticeDay)).toThrow(z.ZodError);
  });

  it('of any shape give a registration that the schema takes, or a refusal; never another error', () => {
    const anything = fc.anything({ maxDepth: 2 });
    const tender = fc.record(
      {
        title: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), anything),
        description: fc.oneof(fc.string(), anything),
        value: fc.oneof(fc.record({ amount: fc.double(), currency: fc.string() }), anything),
        tenderPeriod: fc.oneof(fc.record({ endDate: fc.string() }), anything),
        lots: fc.oneof(fc.array(fc.record({ title: fc.string() }), { maxLength: 3 }), anything),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(tender, (given) => {
        let registration: unknown;
        try {
          registration = read(given).registration;
        } catch (error) {
          expect(error).toBeInstanceOf(z.ZodError);
          return;
        }
        const checked = registrationInput.safeParse(registration);
        // Only text that no database can hold may still be refused there.
        if (!checked.success) expect(JSON.stringify(checked.error.issues)).toContain('without NUL');
      }),
      { numRuns: 500 },
    );
  });
});
