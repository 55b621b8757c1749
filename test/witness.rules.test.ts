import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WitnessRecord, type WitnessStep, witnessRecord, witnessSteps } from '../src/formats/witness-record.ts';
import { isRefusal } from '../src/platform/refusal.ts';
import { decideWitness, type WitnessCommand, type WitnessFacts } from '../src/witness/rules.ts';
import {
  evolveWitness,
  initialWitness,
  lastRecord,
  onDuty,
  stepStatus,
  stopsOf,
  type WitnessState,
} from '../src/witness/state.ts';

const at = (second: number) => `2026-11-24T01:00:${String(second).padStart(2, '0')}.000000Z`;
const facts = (patch: Partial<WitnessFacts> = {}): WitnessFacts => ({
  now: at(0),
  candidate: { roles: ['witness'], organisation: 'office', kinds: ['supervision'] },
  place: { parties: ['buyer', 'agent'] },
  signer: null,
  photos: [],
  whole: [],
  ...patch,
});

/** Decides and folds; throws the code of a refusal so that a test names what it expects. */
function carry(state: WitnessState, command: WitnessCommand, given: Partial<WitnessFacts> = {}): WitnessState {
  const decided = decideWitness(state, command, facts(given));
  if (isRefusal(decided)) throw new Error(decided.code);
  return decided.reduce(evolveWitness, state);
}

const assign = (person: string, steps: readonly WitnessStep[]): WitnessCommand => ({
  type: 'assignWitness',
  by: 'host-1',
  subjectKind: 'opening',
  project: 'project-1',
  person,
  steps,
});
const onWatch = carry(initialWitness('opening-1'), assign('w-1', ['close', 'release', 'opening']));

function recordOf(state: WitnessState, step: WitnessStep, patch: Partial<WitnessRecord> = {}): WitnessRecord {
  const last = lastRecord(state, step);
  return {
    type: 'yangguang.org/witness-record/v1',
    subjectKind: 'opening',
    subject: state.id,
    project: 'project-1',
    step,
    seq: (last?.seq ?? 0) + 1,
    prev: last?.sha256 ?? null,
    witness: onDuty(state, step) ?? 'nobody',
    checked: [{ item: '密封完好', result: 'conforms', remark: '' }],
    found: '',
    refused: '',
    note: '',
    photos: [],
    stops: stopsOf(state, step).map((stop) => ({
      at: stop.at,
      reason: stop.reason,
      liftedAt: stop.lifted?.at ?? at(59),
      liftReason: stop.lifted?.reason ?? 'made up',
    })),
    claimedAt: at(0),
    salt: 'ab'.repeat(32),
    ...patch,
  };
}
const signs = (record: WitnessRecord, by = record.witness): WitnessCommand => ({
  type: 'recordStep',
  by,
  record,
  sha256: `${record.step}-${record.seq}`.padEnd(64, '0'),
  signatureSha256: 'cd'.repeat(32),
});
const signedBy = (person: string, now = at(1)): Partial<WitnessFacts> => ({
  now,
  signer: { person, certSha256: 'ef'.repeat(32) },
});
const signStep = (state: WitnessState, step: WitnessStep, now = at(1)) =>
  carry(state, signs(recordOf(state, step)), signedBy(onDuty(state, step) ?? '', now));
const stop = (step: WitnessStep, by: string): WitnessCommand => ({ type: 'stopStep', by, step, reason: '发现异常' });
const lift = (step: WitnessStep, by: string): WitnessCommand => ({ type: 'liftStop', by, step, reason: '已查清' });

describe('who may stand witness', () => {
  const unfit: readonly [string, Partial<WitnessFacts>, string][] = [
    ['nobody known', { candidate: null }, 'person-unknown'],
    [
      'a person without the role',
      { candidate: { roles: ['supervisor'], organisation: null, kinds: [] } },
      'not-a-witness',
    ],
    ...['bidder', 'tenderer', 'agency', 'expert', 'host', 'administrator'].map(
      (role): [string, Partial<WitnessFacts>, string] => [
        `a witness who is also ${role}`,
        { candidate: { roles: ['witness', role], organisation: null, kinds: [] } },
        'witness-has-part',
      ],
    ),
    [
      'a person of the tenderer',
      { candidate: { roles: ['witness'], organisation: 'buyer', kinds: [] } },
      'witness-has-part',
    ],
    [
      'a person of a firm that may bid',
      { candidate: { roles: ['witness'], organisation: 'firm', kinds: ['bidder'] } },
      'witness-has-part',
    ],
    ['a subject that does not exist', { place: null }, 'subject-unknown'],
  ];
  it.each(unfit)('refuses %s', (_name, given, code) => {
    expect(() => carry(initialWitness('opening-1'), assign('w-1', ['close']), given)).toThrow(code);
    expect(() =>
      carry(onWatch, { type: 'replaceWitness', by: 'h', person: 'w-2', steps: ['close'], reason: 'ill' }, given),
    ).toThrow(code);
  });

  it('lets a supervisor stand witness, but not lift a stop of the subject he witnessed', () => {
    const roles = { candidate: { roles: ['witness', 'supervisor'], organisation: null, kinds: [] } };
    const state = carry(initialWitness('opening-1'), assign('both', ['close', 'release']), roles);
    expect(() => carry(carry(state, stop('close', 'both')), lift('close', 'both'))).toThrow('same-person');
  });

  it('refuses a second witness for a step and steps of another kind of subject', () => {
    expect(() => carry(onWatch, assign('w-2', ['release', 'announcement']))).toThrow('step-has-witness');
    expect(() => carry(onWatch, assign('w-2', ['award']))).toThrow('step-foreign');
    expect(() =>
      carry(onWatch, { ...assign('w-2', ['announcement']), project: 'project-2' } as WitnessCommand),
    ).toThrow('subject-mismatch');
  });
});

describe('writing a step', () => {
  it('counts a step as signed only from its own record on', () => {
    const state = signStep(onWatch, 'close', at(5));
    expect(stepStatus(state, 'close')).toBe('signed');
    expect(stepStatus(state, 'release')).toBe('open');
    expect([stepStatus(state, 'close', at(5)), stepStatus(state, 'close', at(6))]).toEqual(['signed', 'open']);
  });

  const wrong: readonly [string, Partial<WitnessRecord>, string][] = [
    ['another subject', { subject: 'opening-2' }, 'record-context'],
    ['another project', { project: 'project-2' }, 'record-context'],
    ['another kind', { subjectKind: 'lot' }, 'record-context'],
    ['a gap in the sequence', { seq: 2 }, 'record-order'],
    ['a record before the first', { prev: '00'.repeat(32) }, 'record-order'],
    [
      'a stop that never was',
      { stops: [{ at: at(0), reason: 'x', liftedAt: at(1), liftReason: 'y' }] },
      'record-stops',
    ],
    [
      'a photo of somebody else',
      { photos: [{ sha256: '11'.repeat(32), bytes: 9, mediaType: 'image/png' }] },
      'photo-unknown',
    ],
  ];
  it.each(wrong)('refuses a record with %s', (_name, patch, code) => {
    expect(() => carry(onWatch, signs(recordOf(onWatch, 'close', patch)), signedBy('w-1'))).toThrow(code);
  });

  it('lets only the witness on duty write, with his own certificate', () => {
    const record = recordOf(onWatch, 'close');
    expect(() => carry(onWatch, signs(record, 'w-2'), signedBy('w-2'))).toThrow('not-on-duty');
    expect(() => carry(onWatch, signs(record), signedBy('w-2'))).toThrow('signer-not-on-duty');
    expect(() => carry(onWatch, signs(recordOf(onWatch, 'announcement'), 'w-1'), signedBy('w-1'))).toThrow(
      'not-on-duty',
    );
  });

  it('hands duty over on replacement: the old witness may no longer write, the new one may', () => {
    const state = carry(onWatch, {
      type: 'replaceWitness',
      by: 'h',
      person: 'w-2',
      steps: ['close'],
      reason: '突发疾病',
    });
    expect(() => carry(state, signs({ ...recordOf(state, 'close'), witness: 'w-1' }), signedBy('w-1'))).toThrow(
      'not-on-duty',
    );
    expect(stepStatus(signStep(state, 'close'), 'close')).toBe('signed');
    expect(onDuty(state, 'release')).toBe('w-1');
    expect(() =>
      carry(state, { type: 'replaceWitness', by: 'h', person: 'w-2', steps: ['close'], reason: 'again' }),
    ).toThrow('same-person');
    expect(() =>
      carry(state, { type: 'replaceWitness', by: 'h', person: 'w-3', steps: ['announcement'], reason: 'no' }),
    ).toThrow('no-witness');
  });
});

describe('stopping a step', () => {
  it('blocks signing until another person lifts it, and then asks for a record that tells of the stop', () => {
    const signed = signStep(onWatch, 'release');
    const stopped = carry(signed, stop('release', 'w-1'), { now: at(10) });
    expect(stepStatus(stopped, 'release')).toBe('stopped');
    expect(() => signStep(stopped, 'release')).toThrow('step-stopped');
    expect(() => carry(stopped, stop('release', 'w-1'))).toThrow('already-stopped');
    const lifted = carry(stopped, lift('release', 'sup-1'), { now: at(20) });
    expect(stepStatus(lifted, 'release')).toBe('open');
    expect(() => carry(lifted, signs(recordOf(lifted, 'release', { stops: [] })), signedBy('w-1'))).toThrow(
      'record-stops',
    );
    expect(stepStatus(signStep(lifted, 'release'), 'release')).toBe('signed');
  });

  it('is for the witness on duty only, and lifting needs a stop', () => {
    expect(() => carry(onWatch, stop('close', 'host-1'))).toThrow('not-on-duty');
    expect(() => carry(onWatch, lift('close', 'sup-1'))).toThrow('not-stopped');
  });
});

describe('the whole record of a project', () => {
  const project = initialWitness('project-1');
  const issue = (whole: readonly WitnessState[], records = whole.flatMap((part) => part.records)): WitnessCommand => ({
    type: 'issueDocument',
    by: 'host-1',
    number: 'ZS-2026-GC-0001-JZ',
    pdfSha256: '22'.repeat(32),
    factsSha256: '33'.repeat(32),
    bytes: 1000,
    records: records.map((record) => record.sha256),
  });
  const complete = (['close', 'release', 'opening'] as const).reduce((state, step) => signStep(state, step), onWatch);

  it('is issued only when every assigned step of every subject is signed and nothing changed meanwhile', () => {
    const lot = carry({ ...initialWitness('lot-1') }, {
      ...assign('w-2', ['award']),
      subjectKind: 'lot',
    } as WitnessCommand);
    expect(() => carry(project, issue([]), { whole: [] })).toThrow('steps-open');
    expect(() => carry(project, issue([onWatch]), { whole: [onWatch] })).toThrow('steps-open');
    expect(() => carry(project, issue([complete, lot]), { whole: [complete, lot] })).toThrow('steps-open');
    const supplemented = signStep(complete, 'close');
    expect(() => carry(project, issue([complete]), { whole: [supplemented] })).toThrow('records-moved-on');
    const issued = carry(project, issue([complete]), { whole: [complete] });
    expect(issued).toMatchObject({ subjectKind: 'project', project: 'project-1' });
    expect(issued.documents.map(({ number }) => number)).toEqual(['ZS-2026-GC-0001-JZ']);
  });
});

describe('any course of events', () => {
  const person = fc.constantFrom('w-1', 'w-2', 'sup-1');
  const step = fc.constantFrom(...witnessSteps);
  const move = fc.record({ kind: fc.constantFrom('assign', 'replace', 'record', 'stop', 'lift'), person, step });

  it('never shows a step as signed while a stop stands or a stop is missing from the signed record', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        let state = initialWitness('opening-1');
        for (const [i, m] of moves.entries()) {
          const now = at(i);
          const command: WitnessCommand =
            m.kind === 'assign'
              ? assign(m.person, [m.step])
              : m.kind === 'replace'
                ? { type: 'replaceWitness', by: 'h', person: m.person, steps: [m.step], reason: 'r' }
                : m.kind === 'record'
                  ? signs({ ...recordOf(state, m.step), witness: m.person })
                  : m.kind === 'stop'
                    ? stop(m.step, m.person)
                    : lift(m.step, m.person);
          const decided = decideWitness(state, command, facts(signedBy(m.person, now)));
          if (isRefusal(decided)) continue;
          const duty = onDuty(state, m.step);
          if (m.kind === 'record' || m.kind === 'stop') expect(duty).toBe(m.person);
          if (m.kind === 'lift') expect(state.duties.map((d) => d.person)).not.toContain(m.person);
          state = decided.reduce(evolveWitness, state);
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
          for (const s of witnessSteps) {
            if (stepStatus(state, s) !== 'signed') continue;
            expect(stopsOf(state, s).every((x) => x.lifted !== null)).toBe(true);
            expect(lastRecord(state, s)?.stops).toBe(stopsOf(state, s).length);
          }
        }
      }),
    );
  });
});

describe('witness-record.json', () => {
  it('asks for a remark beside a deviation, and takes no unknown field', () => {
    const record = recordOf(onWatch, 'close');
    expect(witnessRecord.safeParse(record).success).toBe(true);
    expect(witnessRecord.safeParse({ ...record, verdict: 'fine' }).success).toBe(false);
    const deviating = { ...record, checked: [{ item: 'x', result: 'deviates', remark: '' }] };
    expect(witnessRecord.safeParse(deviating).success).toBe(false);
  });
});
