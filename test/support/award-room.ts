/**
 * The awards room over real HTTP, a real database, real parties, witnesses and log. Project, announced offers and the signed
 * report are facts of the test: the room reads them through the same contracts as from the rooms to its left.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { type Awards, awards } from '../../src/awards/index.ts';
import { sha256Hex, toBase64, utf8 } from '../../src/formats/bytes.ts';
import { certificatesFromPem, type SigningKey, signDetached } from '../../src/formats/cms.ts';
import type { Offer } from '../../src/formats/offer.ts';
import { type Journal, openDue, openJournal } from '../../src/journal/index.ts';
import { loginText, type Parties, parties, usccCheckCharacter } from '../../src/parties/index.ts';
import { type Clock, instantText, movableClock } from '../../src/platform/clock/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { type FileStore, openFiles } from '../../src/platform/files.ts';
import { createApp } from '../../src/platform/http/app.ts';
import { openListener } from '../../src/platform/http/listen.ts';
import type { Role } from '../../src/platform/http/route.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import { isRefusal, type Refusal } from '../../src/platform/refusal.ts';
import { type Witness, witness } from '../../src/witness/index.ts';
import { freshDatabase } from './journal.ts';

const logger = createLogger(process.env.TEST_LOG ?? 'silent');
const by = { actor: 'system', requestId: 'test' };

export type Row = { rank: number; manifestSha256: string; organisation: string; priceFen: string; total: string };
export type Result = {
  signedAt: string;
  reportSha256: string;
  rankingSha256: string;
  candidates: readonly string[];
  ranking: readonly Row[];
};
export type Place = {
  readonly project: {
    id: string;
    code: string;
    name: string;
    type: string;
    lots: { id: string; name: string }[];
    tenderer: string;
    agency: string;
    opening: string;
    status?: string;
    witnessSteps: readonly string[];
  };
  opened: {
    opening: string;
    announcedAt: string;
    tenders: { manifestSha256: string; organisation: string; offer: Offer }[];
  };
  result: Result | null;
};

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
export type Answer = { readonly status: number; readonly body: any; readonly bytes: Uint8Array; readonly type: string };
export type Client = {
  readonly person: string;
  readonly key: SigningKey | null;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>;
};

export type AwardRoom = {
  readonly journal: Journal;
  readonly files: FileStore;
  readonly awards: Awards;
  readonly parties: Parties;
  readonly witness: Witness;
  readonly clock: Clock;
  readonly places: Map<string, Place>;
  readonly anonymous: Client;
  organisation(name: string, kinds: readonly string[]): Promise<string>;
  person(name: string, organisation: string, roles: readonly Role[]): Promise<Client>;
  /** Moves the clock to an instant. */
  moveTo(instant: string): void;
  runDue(): Promise<number>;
  close(): Promise<void>;
};

export async function startAwardRoom(start: string): Promise<AwardRoom> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yangguang-awards-'));
  const config = readConfig({ DATA_DIR: dataDir, DEMO_CLOCK: '1' });
  const database = await freshDatabase();
  const db = await database.open();
  const clock = movableClock(offsetTo(start));
  const files = openFiles(join(dataDir, 'files'));
  const journal = openJournal(db, clock, { config, logger });
  await journal.start();
  let base = '';
  const origin = () => base;
  const places = new Map<string, Place>();
  const projects = {
    lot: async (_: unknown, id: string) => {
      const place = places.get(id);
      const lot = place?.project.lots.find((l) => l.id === id);
      return place && lot ? { project: place.project, lot } : null;
    },
    project: async (_: unknown, id: string) => [...places.values()].find((p) => p.project.id === id)?.project ?? null,
    ruleFor: () => null,
  };
  const people = await parties({ journal, clock, config, logger, files, origin });
  const witnesses = witness({ journal, files, clock, origin, parties: people, projects });
  const room = awards({
    journal,
    files,
    parties: people,
    projects,
    witness: witnesses,
    openings: { opened: async (_, lot) => places.get(lot)?.opened ?? null },
    evaluations: { result: async (_, lot) => places.get(lot)?.result ?? null },
    origin,
  });
  const due = openDue({ journal, clock, logger, handlers: { award: room.due } });
  const http = openListener();
  const app = createApp({
    routes: [...people.routes, ...witnesses.routes, ...room.routes],
    logger,
    identify: people.identify,
    origin,
    secureCookies: false,
    requestsPerMinute: 1_000_000,
  });
  base = `http://127.0.0.1:${await http.listen(app.callback(), 0, '127.0.0.1')}`;
  let organisations = 0;
  let moves = 0;
  return {
    journal,
    files,
    awards: room,
    parties: people,
    witness: witnesses,
    clock,
    places,
    anonymous: { person: '', key: null, ...callsOf(base, async () => ({})) },
    organisation: async (name, kinds) => {
      const first = `91330100MA${String(1_000_000 + organisations++)}`;
      const uscc = `${first}${usccCheckCharacter(first)}`;
      return ok(await people.registerOrganisation({ name, uscc, kinds }, by)).id;
    },
    person: async (name, organisation, roles) => {
      const { id } = ok(await people.registerPerson({ name, organisation, roles }, by));
      const { key, csr } = keyPair(name);
      const issued = ok(await people.issueFor(id, csr, by, null));
      const [certificate, ...chain] = certificatesFromPem([issued.certificate, ...issued.chain].join('\n'));
      const signing: SigningKey = { privateKey: key, certificate: certificate!, chain };
      // Sessions are short: after the clock has moved the client logs in anew.
      let session: { at: number; headers: Record<string, string> } | undefined;
      const headers = async () => {
        if (session?.at !== moves) session = { at: moves, headers: await logIn(base, signing, clock) };
        return session.headers;
      };
      return { person: id, key: signing, ...callsOf(base, headers) };
    },
    moveTo: (instant) => {
      moves += 1;
      const micros = offsetTo(instant) - clock.offsetMicroseconds();
      clock.advance(Temporal.Duration.from({ microseconds: Number(micros) }));
    },
    runDue: () => due.runDue(),
    close: async () => {
      await http.close(1_000);
      await journal.stop();
      await db.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const offsetTo = (instant: string): bigint =>
  (Temporal.Instant.from(instant).epochNanoseconds - Temporal.Now.instant().epochNanoseconds) / 1000n;

function ok<T>(answer: T): Exclude<T, Refusal> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.code}`);
  return answer as Exclude<T, Refusal>;
}

function keyPair(name: string): { key: forge.pki.rsa.PrivateKey; csr: string } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = forge.pki.privateKeyFromPem(pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  request.setSubject([{ shortName: 'CN', value: name, valueTagClass: forge.asn1.Type.UTF8 as never }]);
  request.sign(key, forge.md.sha256.create());
  return { key, csr: forge.pki.certificationRequestToPem(request) };
}

async function logIn(base: string, key: SigningKey, clock: Clock): Promise<Record<string, string>> {
  const { nonce } = (await (await fetch(`${base}/api/login/nonce`)).json()) as { nonce: string };
  const text = utf8(loginText(base, nonce, instantText(clock.now())));
  const answer = await fetch(`${base}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: toBase64(text), signature: toBase64(signDetached(key, text, clock.now())) }),
  });
  if (!answer.ok) throw new Error(`log-in refused: ${await answer.text()}`);
  const { csrf } = (await answer.json()) as { csrf: string };
  return { Cookie: answer.headers.getSetCookie()[0]!.split(';')[0]!, 'X-CSRF-Token': csrf };
}

function callsOf(base: string, headers: () => Promise<Record<string, string>>): Pick<Client, 'get' | 'post'> {
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { ...(await headers()), ...more, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    return {
      status: answer.status,
      body: /json/.test(type) ? JSON.parse(new TextDecoder().decode(bytes)) : null,
      bytes,
      type,
    };
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body = {}, key) => call('POST', path, body, key === undefined ? {} : { 'Idempotency-Key': key }),
  };
}

/** A project with one lot whose tenders were announced and ranked in the order of the bidders. */
export function rankedLot(options: {
  tenderer: string;
  agency: string;
  bidders: readonly string[];
  signedAt: string;
  witnessSteps?: readonly string[];
  manager?: string;
}): { lot: string; place: Place } {
  const [lot, opening, project] = [newId(), newId(), newId()];
  const manifest = (i: number) => sha256Hex(utf8(`${lot} tender ${i}`));
  const priceFen = (i: number) => String(4_860_000_000 + i * 100_000);
  const ranking = options.bidders.map((organisation, i) => ({
    rank: i + 1,
    manifestSha256: manifest(i),
    organisation,
    priceFen: priceFen(i),
    total: `${95 - i}.40`,
  }));
  const place: Place = {
    project: {
      id: project,
      code: `ZS-2026-GC-${lot.slice(-4)}`,
      name: '江城市滨江大道改造工程施工',
      type: 'construction-open-works',
      lots: [{ id: lot, name: '一标段' }],
      tenderer: options.tenderer,
      agency: options.agency,
      opening,
      witnessSteps: options.witnessSteps ?? [],
    },
    opened: {
      opening,
      announcedAt: options.signedAt,
      tenders: options.bidders.map((organisation, i) => ({
        manifestSha256: manifest(i),
        organisation,
        offer: {
          priceFen: priceFen(i),
          durationDays: 420,
          quality: '合格',
          manager: options.manager ?? '李建国',
        } as Offer,
      })),
    },
    result: {
      signedAt: options.signedAt,
      reportSha256: sha256Hex(utf8(`${lot} report`)),
      rankingSha256: sha256Hex(utf8(`${lot} ranking`)),
      candidates: ranking.slice(0, 3).map((row) => row.manifestSha256),
      ranking,
    },
  };
  return { lot, place };
}
