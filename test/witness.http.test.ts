/** Witness records over HTTP: real log-ins, real signatures, a real database; the project is a fact of the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations/list.ts';
import type { Client } from '../src/cli/client.ts';
import { fromBase64, sha256Hex, toBase64, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { witnessRecordFacts } from '../src/formats/certificate-facts.ts';
import { verifyDetached } from '../src/formats/cms.ts';
import { verifyPdf } from '../src/formats/pdf-signature.ts';
import type { WitnessRecord } from '../src/formats/witness-record.ts';
import { auditSubject, type Journal, openJournal } from '../src/journal/index.ts';
import { parties, usccCheckCharacter } from '../src/parties/index.ts';
import { instantText, movableClock } from '../src/platform/clock/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { openDatabase } from '../src/platform/database.ts';
import { openFiles } from '../src/platform/files.ts';
import { createApp } from '../src/platform/http/app.ts';
import { openListener } from '../src/platform/http/listen.ts';
import { newId } from '../src/platform/ids.ts';
import { createLogger } from '../src/platform/log.ts';
import { type Witness, witness, witnessProcedure } from '../src/witness/index.ts';
import { type City, openCity, type TestPerson } from './support/people.ts';

const lot = newId() as string;
const project = {
  id: newId() as string,
  code: 'ZS-2026-GC-0001',
  name: '滨江大道改造工程施工',
  lots: [{ id: lot, name: '一标段' }],
  opening: newId() as string,
  tenderer: '',
  agency: null as string | null,
};
/** A second project, for the document of the whole. */
const whole = { ...project, id: newId() as string, code: 'ZS-2026-GC-0002', opening: newId() as string };
let room: { witness: Witness; journal: Journal; base: string; close(): Promise<void> };
let city: City;
const clock = movableClock();
const people: Record<'host' | 'watcher' | 'reserve' | 'supervisor' | 'bidder', TestPerson> = {} as never;

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'yangguang-witness-'));
  const config = readConfig({ DATA_DIR: dataDir, DEMO_CLOCK: '1' });
  const logger = createLogger('silent');
  const db = await openDatabase({ config, logger, entities: [], migrations, embedded: {} });
  const files = openFiles(join(dataDir, 'files'));
  const journal = openJournal(db, clock, { config, logger });
  await journal.start();
  let base = '';
  const who = await parties({ journal, clock, config, logger, files, origin: () => base });
  await who.start();
  const watched = witness({
    journal,
    files,
    clock,
    origin: () => base,
    parties: who,
    projects: {
      project: async (_reader, id) => [project, whole].find((known) => known.id === id) ?? null,
      lot: async (_reader, id) => (id === lot ? { project } : null),
    },
  });
  const http = openListener();
  const app = createApp({
    routes: [...who.routes, ...watched.routes],
    logger,
    identify: who.identify,
    origin: () => base,
    secureCookies: false,
    requestsPerMinute: 1_000_000,
  });
  base = `http://127.0.0.1:${await http.listen(app.callback(), 0, '127.0.0.1')}`;
  room = {
    witness: watched,
    journal,
    base,
    close: async () => {
      await http.close(0);
      await journal.stop();
      await db.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  city = await openCity({ base, dataDir, clock });
  people.host = await city.person('host');
  people.watcher = await city.person('witness');
  people.reserve = await city.person('witness');
  people.supervisor = await city.person('supervisor');
  people.bidder = await city.person('bidder');
  project.tenderer = await city.organisation('tenderer');
});
afterAll(() => room.close());

const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );
/** A subject of its own for each test: the first is the project's opening, further ones are openings of the same project. */
async function onDuty(steps = ['close', 'release', 'opening', 'announcement']): Promise<string> {
  project.opening = newId();
  const duty = { subjectKind: 'opening', project: project.id, person: people.watcher.id, steps };
  await people.host.client.call('POST', `/api/witness/${project.opening}/duty`, duty);
  return project.opening;
}
const written = (patch: object = {}) => ({
  checked: [{ item: '投标文件密封完好', result: 'conforms', remark: '' }],
  found: '无异常',
  refused: '',
  note: '',
  photos: [] as string[],
  claimedAt: instantText(clock.now()),
  ...patch,
});
async function draft(client: Client, subject: string, step: string, patch: object = {}): Promise<Uint8Array> {
  const path = `/api/witness/${subject}/${step}/draft`;
  return utf8((await client.call<{ record: string }>('POST', path, written(patch))).record);
}
const handIn = (client: Client, subject: string, step: string, text: Uint8Array, signature = client.sign(text)) =>
  client.call('POST', `/api/witness/${subject}/${step}/record`, { record: toBase64(text), signature });
const signed = (subject: string, step: 'close' | 'release' | 'opening', since?: string) =>
  room.witness.stepSigned(room.journal.db.read(), subject, step, since);
async function sign(subject: string, step: string): Promise<void> {
  const { client } = people.watcher;
  await handIn(client, subject, step, await draft(client, subject, step));
}
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(5_000, 7)]);
/** A JPEG of one grey pixel. */
const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AKp//2Q==',
  'base64',
);
async function* stream(...chunks: Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}

describe('the duty roster', () => {
  it('takes a witness, and nobody who has a part in the decision', async () => {
    const subject = await onDuty(['close']);
    const put = (person: string, steps = ['release']) =>
      refused(
        people.host.client.call('POST', `/api/witness/${subject}/duty`, {
          subjectKind: 'opening',
          project: project.id,
          person,
          steps,
        }),
      );
    expect(await put(people.bidder.id)).toBe('not-a-witness');
    const both = await city.administrator.call<{ id: string }>('POST', '/api/organisations', {
      name: '既是协会也投标',
      uscc: `91330100MA2999999${usccCheckCharacter('91330100MA2999999')}`,
      kinds: ['association', 'bidder'],
    });
    expect(await put((await city.person('witness', both.id)).id)).toBe('witness-has-part');
    project.agency = people.reserve.organisation;
    expect(await put(people.reserve.id)).toBe('witness-has-part');
    project.agency = null;
    expect(await put(newId())).toBe('person-unknown');
    expect(await put(people.reserve.id, ['close'])).toBe('step-has-witness');
    expect(await put(people.reserve.id)).toBe('accepted');
  });

  it('knows openings, lots and projects, and no other subject', async () => {
    const put = (subject: string, subjectKind: string, steps: string[]) =>
      refused(
        people.host.client.call('POST', `/api/witness/${subject}/duty`, {
          subjectKind,
          project: project.id,
          person: people.watcher.id,
          steps,
        }),
      );
    expect(await put(newId(), 'opening', ['close'])).toBe('subject-unknown');
    expect(await put(newId(), 'lot', ['award'])).toBe('subject-unknown');
    expect(await put(lot, 'lot', ['opening'])).toBe('step-foreign');
    expect(await put(lot, 'lot', ['evaluation-entry', 'evaluation-end'])).toBe('accepted');
    expect(await put(project.id, 'project', ['award'])).toBe('accepted');
    expect(await room.witness.peopleOf(room.journal.db.read(), lot)).toEqual([people.watcher.id]);
  });

  it('records a replacement with its reason; duty passes to the other', async () => {
    const subject = await onDuty();
    const text = await draft(people.watcher.client, subject, 'release');
    const replacement = { person: people.reserve.id, steps: ['release'], reason: '突发疾病' };
    await people.host.client.call('POST', `/api/witness/${subject}/replacement`, replacement);
    expect(await refused(handIn(people.watcher.client, subject, 'release', text))).toBe('not-on-duty');
    expect(await refused(sign(subject, 'close'))).toBe('accepted');
    const { client } = people.reserve;
    await handIn(client, subject, 'release', await draft(client, subject, 'release'));
    expect(await signed(subject, 'release')).toBe('signed');
    const duties = await client.call<{ duties: { subject: string }[] }>('GET', '/api/witness');
    expect(duties.duties.map((duty) => duty.subject)).toContain(subject);
  });
});

describe('a signed record', () => {
  it('makes the step signed from the journal’s own time on, and can be read and checked', async () => {
    const subject = await onDuty();
    expect(await signed(subject, 'close')).toBe('open');
    const { client } = people.watcher;
    const text = await draft(client, subject, 'close', { found: '一份迟到' });
    const answer = (await handIn(client, subject, 'close', text)) as { at: string };
    expect([await signed(subject, 'close'), await signed(subject, 'release')]).toEqual(['signed', 'open']);
    expect([await signed(subject, 'close', answer.at), await signed(subject, 'close', '2999')]).toEqual([
      'signed',
      'open',
    ]);
    const kept = await people.supervisor.client.call<{ record: string; signature: string; sha256: string }>(
      'GET',
      `/api/witness/${subject}/close/record`,
    );
    expect(kept.sha256).toBe(sha256Hex(text));
    expect(JSON.parse(kept.record)).toMatchObject({ found: '一份迟到', seq: 1, prev: null });
    expect(verifyDetached(utf8(kept.record), fromBase64(kept.signature), 'manifest-signature').certSha256).toBe(
      client.session!.certSha256,
    );
  });

  it('is supplemented by a later one that names it', async () => {
    const subject = await onDuty();
    await sign(subject, 'close');
    await sign(subject, 'close');
    const kept = await people.host.client.call<{ record: string }>('GET', `/api/witness/${subject}/close/record`);
    expect(JSON.parse(kept.record)).toMatchObject({ seq: 2, prev: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('is refused when anything of it is not as it should be, and nothing changes', async () => {
    const subject = await onDuty();
    const { client } = people.watcher;
    const text = await draft(client, subject, 'close');
    const record = JSON.parse(Buffer.from(text).toString()) as WitnessRecord;
    const changed = (patch: Partial<WitnessRecord>) => canonicalBytes({ ...record, ...patch });
    const hand = (bytes: Uint8Array, signature = client.sign(bytes)) =>
      refused(handIn(client, subject, 'close', bytes, signature));
    expect(await hand(utf8(JSON.stringify(record, null, 1)))).toBe('record-malformed');
    expect(await hand(canonicalBytes({ ...record, verdict: 'fine' }))).toBe('record-malformed');
    expect(await hand(changed({ step: 'release' }))).toBe('record-context');
    expect(await hand(changed({ subject: newId() }))).toBe('record-context');
    expect(await hand(changed({ seq: 2 }))).toBe('record-order');
    expect(await hand(changed({ photos: [{ sha256: '11'.repeat(32), bytes: 1, mediaType: 'image/png' }] }))).toBe(
      'photo-unknown',
    );
    expect(await hand(text, client.sign(changed({ note: 'other' })))).toBe('signature-invalid');
    expect(await hand(text, toBase64(utf8('no signature')))).toBe('signature-invalid');
    expect(await hand(text, people.reserve.client.sign(text))).toBe('signer-not-on-duty');
    expect(await refused(handIn(people.reserve.client, subject, 'close', text))).toBe('not-on-duty');
    expect(await signed(subject, 'close')).toBe('open');
  });
});

describe('stopping', () => {
  it('holds the step until a supervisor lifts it with a reason, and stands in the next record', async () => {
    const subject = await onDuty();
    const stop = (who: TestPerson) =>
      refused(who.client.call('POST', `/api/witness/${subject}/release/stop`, { reason: '发现信封破损' }));
    const lift = (who: TestPerson, reason = '已查清，可继续') =>
      refused(who.client.call('POST', `/api/witness/${subject}/release/lift`, { reason }));
    expect(await lift(people.supervisor)).toBe('not-stopped');
    expect(await stop(people.reserve)).toBe('not-on-duty');
    expect(await stop(people.watcher)).toBe('accepted');
    expect(await stop(people.watcher)).toBe('already-stopped');
    expect(await signed(subject, 'release')).toBe('stopped');
    expect(await refused(draft(people.watcher.client, subject, 'release'))).toBe('step-stopped');
    expect(await lift(people.watcher)).toBe('not-permitted');
    expect(await lift(people.host)).toBe('not-permitted');
    expect(await lift(people.supervisor, '  ')).toBe('bad-request');
    expect(await lift(people.supervisor)).toBe('accepted');
    expect(await signed(subject, 'release')).toBe('open');
    await sign(subject, 'release');
    const kept = await people.host.client.call<{ record: string }>('GET', `/api/witness/${subject}/release/record`);
    expect(JSON.parse(kept.record).stops).toEqual([
      expect.objectContaining({ reason: '发现信封破损', liftReason: '已查清，可继续' }),
    ]);
    expect(await signed(subject, 'release')).toBe('signed');
  });
});

describe('photos', () => {
  const upload = (client: Client, subject: string, ...chunks: Uint8Array[]) =>
    client.upload<{ sha256: string; bytes: number; mediaType: string }>(
      'POST',
      `/api/witness/${subject}/photos`,
      stream(...chunks),
    );

  it('are kept by hash, read back as they are and named in the record', async () => {
    const subject = await onDuty();
    const { client } = people.watcher;
    const photo = await upload(client, subject, png.subarray(0, 3), png.subarray(3));
    expect(photo).toMatchObject({ sha256: sha256Hex(png), bytes: png.length, mediaType: 'image/png' });
    const read = await people.host.client.download(`/api/witness/${subject}/photos/${photo.sha256}`);
    expect(sha256Hex(read)).toBe(photo.sha256);
    await handIn(client, subject, 'close', await draft(client, subject, 'close', { photos: [photo.sha256] }));
    expect(await signed(subject, 'close')).toBe('signed');
    expect(await refused(people.host.client.download(`/api/witness/${lot}/photos/${photo.sha256}`))).toBe('not-found');
  });

  it.each([
    ['a page of HTML', [Buffer.from('<html><script>1</script></html>')]],
    ['a GIF', [Buffer.from('GIF89a.............')]],
    ['seven octets of a PNG', [png.subarray(0, 7)]],
    ['nothing', [Buffer.alloc(0)]],
  ])('are not taken from %s', async (_name, chunks) => {
    const subject = await onDuty();
    expect(await refused(upload(people.watcher.client, subject, ...chunks))).toBe('not-a-photo');
  });

  it('are not taken beyond the bound, nor from somebody who is not on duty', async () => {
    const subject = await onDuty();
    const chunks = Array.from({ length: 13 }, () => Buffer.alloc(1 << 20, 1));
    expect(await refused(upload(people.watcher.client, subject, png, ...chunks))).toBe('too-large');
    expect(await refused(upload(people.reserve.client, subject, png))).toBe('not-on-duty');
  });
});

describe('what the journal holds', () => {
  it('publishes hashes and who stood duty, not a word of what was written; the row is the fold of the entries', async () => {
    const subject = await onDuty();
    const { client } = people.watcher;
    await client.call('POST', `/api/witness/${subject}/close/stop`, { reason: '王五擅自进入' });
    await people.supervisor.client.call('POST', `/api/witness/${subject}/close/lift`, { reason: '王五已离场' });
    await handIn(client, subject, 'close', await draft(client, subject, 'close', { found: '王五擅自进入' }));
    const rows = await room.journal.db.query<{ kind: string; leaf: Uint8Array }>(
      'select kind, leaf from journal_entry where subject = ? order by ordinal',
      [subject],
    );
    expect(rows.map(({ kind }) => kind)).toEqual([
      'witness-assigned',
      'witness-stopped-step',
      'witness-stop-lifted',
      'witness-recorded',
    ]);
    for (const { leaf } of rows) expect(Buffer.from(leaf).toString()).not.toContain('王五');
    expect(await auditSubject(room.journal, witnessProcedure, subject)).toEqual([]);
  });
});

describe('the document of a project', () => {
  const issue = () => people.host.client.call<{ documents: unknown[] }>('POST', `/api/witness/${whole.id}/document`);

  it('waits for every step, then is a signed PDF that carries the records as facts, and its hash an entry', async () => {
    expect(await refused(issue())).toBe('steps-open');
    const duty = { subjectKind: 'opening', project: whole.id, person: people.watcher.id, steps: ['close', 'opening'] };
    await people.host.client.call('POST', `/api/witness/${whole.opening}/duty`, duty);
    const { client } = people.watcher;
    const photo = await client.upload<{ sha256: string }>('POST', `/api/witness/${whole.opening}/photos`, stream(jpeg));
    const broken = await client.upload<{ sha256: string }>('POST', `/api/witness/${whole.opening}/photos`, stream(png));
    await handIn(
      client,
      whole.opening,
      'close',
      await draft(client, whole.opening, 'close', { photos: [photo.sha256] }),
    );
    expect(await refused(issue())).toBe('steps-open');
    const text = await draft(client, whole.opening, 'opening', { found: '一份迟到', photos: [broken.sha256] });
    await handIn(client, whole.opening, 'opening', text);
    expect((await issue()).documents).toEqual([expect.objectContaining({ number: 'ZS-2026-GC-0002-JZ' })]);
    const pdf = await people.supervisor.client.download(`/api/witness/${whole.id}/document`);
    const found = verifyPdf(pdf);
    const facts = witnessRecordFacts.parse(JSON.parse(Buffer.from(found.facts!).toString()));
    expect(facts.steps.map(({ step, recordSha256 }) => [step, recordSha256])).toEqual([
      ['close', expect.stringMatching(/^[0-9a-f]{64}$/)],
      ['opening', sha256Hex(text)],
    ]);
    expect(facts.journal).toHaveLength(2);
    const [entry] = await room.journal.db.query<{ leaf: Uint8Array }>(
      `select leaf from journal_entry where subject = ? and kind = 'certificate-issued-document'`,
      [whole.id],
    );
    expect(JSON.parse(Buffer.from(entry!.leaf).toString()).body).toMatchObject({
      kind: 'witness-record',
      pdfSha256: sha256Hex(pdf),
    });
    expect(await auditSubject(room.journal, witnessProcedure, whole.id)).toEqual([]);
  });
});
