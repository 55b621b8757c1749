/**
 * The evaluation room over real HTTP, a real database, real parties and witnesses. The project and its announced offers are
 * facts of the test: the room reads them through the same contracts as from the rooms to its left.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { type Evaluations, evaluations } from '../../src/evaluations/index.ts';
import { sha256Hex, toBase64, utf8 } from '../../src/formats/bytes.ts';
import { certificatesFromPem, type SigningKey, signDetached } from '../../src/formats/cms.ts';
import { type Journal, openJournal } from '../../src/journal/act.ts';
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

/** What the room reads of projects and openings. */
export type Place = {
  readonly project: {
    id: string;
    code: string;
    name: string;
    type: string;
    lots: { id: string; name: string; ceilingFen: string | null }[];
    tenderer: string;
    agency: string | null;
    opening: string;
    evaluation: unknown;
    witnessSteps: readonly string[];
  };
  opened: {
    opening: string;
    announcedAt: string;
    tenders: {
      manifestSha256: string;
      organisation: string;
      result: 'opened' | 'invalid';
      offer: { priceFen: string } | null;
    }[];
  } | null;
};

export type Client = {
  readonly person: string;
  readonly key: SigningKey;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  /** Signs a text as the client's program would; both in base64. */
  sign(text: string): { text: string; signature: string };
};
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
export type Answer = { readonly status: number; readonly body: any; readonly bytes: Uint8Array };

export type EvaluationRoom = {
  readonly journal: Journal;
  readonly files: FileStore;
  readonly parties: Parties;
  readonly witness: Witness;
  readonly evaluations: Evaluations;
  readonly clock: Clock;
  readonly base: string;
  readonly places: Map<string, Place>;
  organisation(name: string, kinds: readonly string[]): Promise<string>;
  person(name: string, organisation: string, roles: readonly Role[]): Promise<Client>;
  anonymous: Pick<Client, 'get' | 'post' | 'put'>;
  close(): Promise<void>;
};

export async function startEvaluationRoom(): Promise<EvaluationRoom> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yangguang-evaluation-'));
  const config = readConfig({ DATA_DIR: dataDir, DEMO_CLOCK: '1' });
  const database = await freshDatabase();
  const db = await database.open();
  const clock = movableClock();
  const files = openFiles(join(dataDir, 'files'));
  const journal = openJournal(db, clock, { config, logger });
  await journal.start();
  let base = '';
  const deps = { journal, clock, config, logger, files, origin: () => base };
  const places = new Map<string, Place>();
  const projects = {
    lot: async (_: unknown, id: string) => {
      const place = places.get(id);
      const lot = place?.project.lots.find((l) => l.id === id);
      return place && lot ? { project: place.project, lot } : null;
    },
    ruleFor: () => null,
    project: async (_: unknown, id: string) => [...places.values()].find((p) => p.project.id === id)?.project ?? null,
  };
  const openings = { opened: async (_: unknown, lot: string) => places.get(lot)?.opened ?? null };
  const people = await parties(deps);
  const witnesses = witness({ ...deps, parties: people, projects });
  const room = evaluations({ ...deps, parties: people, projects, openings, witness: witnesses });
  const http = openListener();
  const app = createApp({
    routes: [...people.routes, ...witnesses.routes, ...room.routes],
    logger,
    identify: people.identify,
    origin: () => base,
    secureCookies: false,
    requestsPerMinute: 1_000_000,
  });
  base = `http://127.0.0.1:${await http.listen(app.callback(), 0, '127.0.0.1')}`;
  let organisations = 0;
  return {
    journal,
    files,
    parties: people,
    witness: witnesses,
    evaluations: room,
    clock,
    base,
    places,
    anonymous: callsOf(base, {}),
    organisation: async (name, kinds) => {
      const first = `91330100MA${String(1_000_000 + organisations++)}`;
      const made = ok(
        await people.registerOrganisation({ name, uscc: `${first}${usccCheckCharacter(first)}`, kinds }, by),
      );
      return made.id;
    },
    person: async (name, organisation, roles) => {
      const made = ok(await people.registerPerson({ name, organisation, roles }, by));
      const { key, csr } = keyPair(name);
      const issued = ok(await people.issueFor(made.id, csr, by, null));
      const [certificate, ...chain] = certificatesFromPem([issued.certificate, ...issued.chain].join('\n'));
      const signing: SigningKey = { privateKey: key, certificate: certificate!, chain };
      return { person: made.id, key: signing, ...(await logIn(base, signing, clock)) };
    },
    close: async () => {
      await http.close(1_000);
      await journal.stop();
      await db.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function ok<T>(answer: T): Exclude<T, Refusal> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.code}`);
  return answer as Exclude<T, Refusal>;
}

/** Keys are slow to make and a certificate binds one to its holder, so two serve everybody here. */
const keys: forge.pki.rsa.PrivateKey[] = [];
let handedOut = 0;
function anyKey(): forge.pki.rsa.PrivateKey {
  const place = handedOut++ % 2;
  const made = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });
  keys[place] ??= forge.pki.privateKeyFromPem(made().toString());
  return keys[place];
}

function keyPair(name: string): { key: forge.pki.rsa.PrivateKey; csr: string } {
  const key = anyKey();
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  request.setSubject([{ shortName: 'CN', value: name, valueTagClass: forge.asn1.Type.UTF8 as never }]);
  request.sign(key, forge.md.sha256.create());
  return { key, csr: forge.pki.certificationRequestToPem(request) };
}

async function logIn(base: string, key: SigningKey, clock: Clock): Promise<Omit<Client, 'person' | 'key'>> {
  const { nonce } = (await (await fetch(`${base}/api/login/nonce`)).json()) as { nonce: string };
  const text = utf8(loginText(base, nonce, instantText(clock.now())));
  const answer = await fetch(`${base}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: toBase64(text), signature: toBase64(signDetached(key, text, clock.now())) }),
  });
  if (!answer.ok) throw new Error(`log-in refused: ${await answer.text()}`);
  const { csrf } = (await answer.json()) as { csrf: string };
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  return {
    ...callsOf(base, { Cookie: cookie, 'X-CSRF-Token': csrf }),
    sign: (content) => {
      const bytes = utf8(content);
      return { text: toBase64(bytes), signature: toBase64(signDetached(key, bytes, clock.now())) };
    },
  };
}

function callsOf(base: string, headers: Record<string, string>): Pick<Client, 'get' | 'post' | 'put'> {
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await fetch(`${base}${path.startsWith('/api/') ? '' : '/api/evaluations'}${path}`, {
      method,
      headers: { ...headers, ...more, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const json = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: json ? JSON.parse(new TextDecoder().decode(bytes)) : null, bytes };
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body, key) => call('POST', path, body, key === undefined ? {} : { 'Idempotency-Key': key }),
    put: (path, body) => call('PUT', path, body),
  };
}

/** A project with one lot, announced offers at these prices in yuan, and a scheme. */
export function placeOf(options: {
  tenderer: string;
  bidders: readonly string[];
  yuan: readonly number[];
  scheme: unknown;
  witnessSteps?: readonly string[];
}): { lot: string; place: Place } {
  const [lot, opening] = [newId(), newId()];
  const place: Place = {
    project: {
      id: newId(),
      code: `ZS-2026-GC-${lot.slice(-4)}`,
      name: '滨江路改造工程',
      type: 'construction-open-works',
      lots: [{ id: lot, name: '一标段', ceilingFen: '1050000000' }],
      tenderer: options.tenderer,
      agency: null,
      opening,
      evaluation: options.scheme,
      witnessSteps: options.witnessSteps ?? [],
    },
    opened: {
      opening,
      announcedAt: '2026-01-01T00:00:00.000000Z',
      tenders: options.bidders.map((organisation, i) => ({
        manifestSha256: sha256Hex(utf8(`${lot} tender ${i}`)),
        organisation,
        result: 'opened' as const,
        offer: { priceFen: String(options.yuan[i]! * 100) },
      })),
    },
  };
  return { lot, place };
}
