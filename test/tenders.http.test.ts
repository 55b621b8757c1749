import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, ProblemError } from '../src/cli/client.ts';
import type { TestPerson } from '../src/cli/demo/city.ts';
import type { Published } from '../src/cli/demo/prepare.ts';
import type { Filed } from '../src/cli/programs/file-tender.ts';
import { concatBytes, fromUtf8, utf8 } from '../src/formats/bytes.ts';
import { signDetached } from '../src/formats/cms.ts';
import { parseTlogProof } from '../src/formats/log/tlog-proof.ts';
import type { Route } from '../src/platform/http/route.ts';
import { testAuthority } from './support/signing-keys.ts';
import {
  type Filing,
  file,
  filingOf,
  once,
  openStage,
  type Parts,
  refusalOf,
  resign,
  type Stage,
  sealParts,
  submit,
  upload,
  withdrawal,
} from './support/stage.ts';

let stage: Stage;
let lot: string;
let bidders: readonly TestPerson[];
let second: Published;
beforeAll(async () => {
  stage = await openStage(4);
  lot = stage.published.lot;
  bidders = stage.cast.bidders;
  second = await stage.publishAnother();
});
afterAll(() => stage.close());

const now = () => stage.world.now();
const query = (sql: string, params: readonly unknown[] = []) => stage.app.journal.db.query(sql, params);
/** A bidder with nothing on the lot yet. */
const newcomer = () => stage.world.city.person('bidder');

describe('an upload', () => {
  const begin = ({ client }: TestPerson, bytes: number, where = lot) =>
    client.call<{ id: string }>('POST', `/api/lots/${where}/uploads`, { bytes });
  const append = ({ client }: TestPerson, id: string, bytes: Uint8Array, offset: unknown, where = lot) =>
    client.upload<{ received: number }>('PATCH', `/api/lots/${where}/uploads/${id}`, once(bytes), {
      'upload-offset': String(offset),
    });

  it('is refused where it is malformed, too large, to no lot, or one too many', async () => {
    const bidder = await newcomer();
    const limit = stage.app.config.uploadMaxBytes;
    for (const bytes of [0, -1, 1.5, '10', null])
      expect(await refusalOf(bidder.client.call('POST', `/api/lots/${lot}/uploads`, { bytes }))).toBe('bad-request');
    expect(await refusalOf(begin(bidder, limit + 1))).toBe('tender-malformed tender-length');
    expect(await refusalOf(begin(bidder, 10, 'no-lot'))).toBe('lot-unknown');
    const begun = await Promise.all(Array.from({ length: 6 }, () => refusalOf(begin(bidder, 10))));
    expect(begun.toSorted()).toEqual([...Array(4).fill('answered'), ...Array(2).fill('uploads-too-many')]);
  });

  it('takes bytes at its own offset only, and never more than were said', async () => {
    const bidder = bidders[0]!;
    const { id } = await begin(bidder, 10);
    for (const offset of ['', 'x', '-1', '1', '1e1', 3])
      expect(await refusalOf(append(bidder, id, utf8('abc'), offset))).toBe('upload-offset');
    expect((await append(bidder, id, utf8('abc'), 0)).received).toBe(3);
    expect(await refusalOf(append(bidder, id, utf8('abc'), 0))).toBe('upload-offset');
    expect(await refusalOf(append(bidder, id, utf8('too many bytes'), 3))).toBe('tender-malformed tender-length');
    const shown = await bidder.client.call<{ received: number }>('GET', `/api/lots/${lot}/uploads/${id}`);
    expect(shown.received).toBe(3);
    expect((await append(bidder, id, utf8('defghij'), 3)).received).toBe(10);
  });

  it('is known to its own bidder on its own lot only', async () => {
    const [owner, rival] = [bidders[0]!, bidders[1]!];
    const { id } = await begin(owner, 3);
    expect(await refusalOf(append(rival, id, utf8('abc'), 0))).toBe('upload-unknown');
    expect(await refusalOf(rival.client.call('DELETE', `/api/lots/${lot}/uploads/${id}`))).toBe('upload-unknown');
    expect(await refusalOf(append(owner, id, utf8('abc'), 0, second.lot))).toBe('upload-unknown');
    expect((await append(owner, id, utf8('abc'), 0)).received).toBe(3);
    await owner.client.call('DELETE', `/api/lots/${lot}/uploads/${id}`);
    expect(await refusalOf(append(owner, id, utf8('abc'), 3))).toBe('upload-unknown');
  });

  it('goes on after a cut line from what has arrived', async () => {
    const bidder = await newcomer();
    const parts = await sealParts(stage, bidder, lot);
    const { id } = await begin(bidder, parts.tenderBytes.length);
    await cut(bidder.client, `/api/lots/${lot}/uploads/${id}`, parts.tenderBytes.subarray(0, 1000));
    const half = () => bidder.client.call<{ received: number }>('GET', `/api/lots/${lot}/uploads/${id}`);
    let { received } = await half();
    // The server hears of the cut when it reads; until then the upload is busy in the other connection.
    while ((await refusalOf(append(bidder, id, new Uint8Array(), received))) === 'upload-busy') received = 0;
    received = (await half()).received;
    expect(received).toBeLessThanOrEqual(1000);
    expect(await refusalOf(file(bidder, lot, filingOf(parts, id)))).toBe('upload-incomplete');
    await append(bidder, id, parts.tenderBytes.subarray(received), received);
    expect((await file(bidder, lot, filingOf(parts, id))).outcome).toBe('sealed');
  });
});

/** Sends a part of a body and destroys the socket. */
async function cut(client: Client, path: string, bytes: Uint8Array): Promise<void> {
  const url = new URL(client.base + path);
  // The client keeps its cookie to itself: the same session, by a request that can be cut.
  const headers = { ...(await credentials(client)), 'upload-offset': '0', 'content-type': 'application/octet-stream' };
  await new Promise<void>((resolve, reject) => {
    const request = httpRequest(url, { method: 'PATCH', headers: { ...headers, 'content-length': '100000' } });
    request.on('error', () => resolve());
    request.on('response', (response) => reject(new Error(`answered ${response.statusCode}`)));
    request.write(bytes, () => setImmediate(() => request.destroy()));
  });
}

/** Cookie and CSRF token, seen on their way out. */
async function credentials(client: Client): Promise<Record<string, string>> {
  const original = globalThis.fetch;
  let seen: Record<string, string> = {};
  globalThis.fetch = async (input, init) => {
    seen = { ...(init?.headers as Record<string, string>) };
    return original(input, init);
  };
  try {
    await client.call('GET', '/api/session');
  } finally {
    globalThis.fetch = original;
  }
  return { cookie: seen.cookie ?? '', 'x-csrf-token': seen['x-csrf-token'] ?? '' };
}

describe('a filing with something wrong in it', () => {
  let bidder: TestPerson;
  let parts: Parts;
  let good: Filing;
  beforeAll(async () => {
    bidder = bidders[0]!;
    parts = await sealParts(stage, bidder, lot);
    good = filingOf(parts, await upload(bidder, lot, parts.tenderBytes));
  });
  /** Files the good parts with something else among them. */
  const attempt = (change: Partial<Filing>, who: TestPerson = bidder, where = lot) =>
    refusalOf(file(who, where, { ...good, ...change }));
  const signed = (change: Parameters<typeof resign>[2]) => {
    const { manifestBytes, p7s } = resign(parts, bidder, change, now());
    return { manifest: manifestBytes, signature: p7s };
  };
  const signedText = (text: string) => ({
    manifest: utf8(text),
    signature: signDetached(bidder.client.key!, utf8(text), now()),
  });
  const swapped = () => {
    const [a, b, ...rest] = parts.envelopes;
    return [{ x: a!.x, bytes: b!.bytes }, { x: b!.x, bytes: a!.bytes }, ...rest];
  };

  it('is refused by the name of what is wrong, and nothing is kept of it', async () => {
    const text = fromUtf8(parts.manifestBytes);
    const entries = await query('select count(*)::int as n from journal_entry');
    const broken = parts.p7s.slice();
    broken[broken.length - 10]! ^= 1;
    const stranger = testAuthority().signer('外来');
    const found = {
      'no JSON': await attempt(signedText('{')),
      'with spaces': await attempt(signedText(` ${text}`)),
      'a key twice': await attempt(signedText(text.replace('{', '{"act":"seal",'))),
      'another field': await attempt(signedText(text.replace(/}$/, ',"zz":1}'))),
      'another version': await attempt(signedText(text.replace('manifest/v1', 'manifest/v2'))),
      'truncated signature': await attempt({ signature: parts.p7s.subarray(0, 100) }),
      'no signature': await attempt({ signature: new Uint8Array() }),
      'a bit of the signature': await attempt({ signature: broken }),
      'forged manifest': await attempt({ manifest: utf8(text.replace('"seq":1', '"seq":2')) }),
      'self-made certificate': await attempt({ signature: signDetached(stranger, parts.manifestBytes, now()) }),
      "a rival's signature": await attempt({
        signature: signDetached(bidders[1]!.client.key!, parts.manifestBytes, now()),
      }),
      'another lot': await attempt({}, bidder, second.lot),
      'other policy': await attempt(signed({ policy: 'ab'.repeat(32) })),
      'other length': await attempt(
        signed({ tender: { ...parts.manifest.tender, bytes: parts.tenderBytes.length + 1 } }),
      ),
      'other tender': await attempt(signed({ tender: { ...parts.manifest.tender, sha256: 'ab'.repeat(32) } })),
      'envelopes swapped': await attempt({ envelopes: swapped() }),
      'an envelope missing': await attempt({ envelopes: parts.envelopes.slice(1) }),
      'an envelope twice': await attempt({ envelopes: [...parts.envelopes.slice(1), parts.envelopes[1]!] }),
      'a share less': await attempt({
        ...signed({ shares: parts.manifest.shares.slice(1) }),
        envelopes: parts.envelopes.slice(1),
      }),
      'a share twice': await attempt(signed({ shares: [...parts.manifest.shares, parts.manifest.shares[0]!] })),
      'no recipient': await attempt(signed({ recipient: `age1${'q'.repeat(58)}` })),
      'a gap': await attempt(signed({ seq: 2, prev: 'ab'.repeat(32) })),
      'no upload': await attempt({ upload: null }),
      'an upload of nobody': await attempt({ upload: '019a0000-0000-7000-8000-000000000000' }),
      "a rival's upload": await attempt({ upload: await upload(bidders[1]!, lot, parts.tenderBytes) }),
      'a withdrawal of nothing': await attempt(withdrawalOfNothing()),
    };
    expect(found).toEqual({
      'no JSON': 'tender-malformed not-canonical',
      'with spaces': 'tender-malformed not-canonical',
      'a key twice': 'tender-malformed not-canonical',
      'another field': 'tender-malformed schema',
      'another version': 'tender-malformed schema',
      'truncated signature': 'signature-invalid manifest-signature',
      'no signature': 'signature-invalid manifest-signature',
      'a bit of the signature': 'signature-invalid manifest-signature',
      'forged manifest': 'tender-malformed schema',
      'self-made certificate': 'certificate-untrusted certificate-chain',
      "a rival's signature": 'manifest-not-yours',
      'another lot': 'tender-malformed schema',
      'other policy': 'policy-not-current',
      'other length': 'tender-malformed tender-length',
      'other tender': 'tender-malformed tender-hash',
      'envelopes swapped': 'tender-malformed envelope-hash',
      'an envelope missing': 'tender-malformed envelope-hash',
      'an envelope twice': 'tender-malformed share-duplicate',
      'a share less': 'tender-malformed quorum-missing',
      'a share twice': 'tender-malformed share-duplicate',
      'no recipient': 'tender-malformed recipient-mismatch',
      'a gap': 'chain-broken',
      'no upload': 'upload-unknown',
      'an upload of nobody': 'upload-unknown',
      "a rival's upload": 'upload-unknown',
      'a withdrawal of nothing': 'nothing-to-withdraw',
    });
    expect(await query('select count(*)::int as n from journal_entry')).toEqual(entries);
  });

  const withdrawalOfNothing = () =>
    withdrawal(bidder, { ...parts, manifest: { ...parts.manifest, seq: 0 }, manifestSha256: null as never }, now());

  it('is refused where the age file has a second stanza, or one of another kind', async () => {
    const end = fromUtf8(parts.tenderBytes.subarray(0, 300).map((b) => (b < 128 ? b : 63))).indexOf('\n---');
    const head = fromUtf8(parts.tenderBytes.subarray(0, end));
    const rest = parts.tenderBytes.subarray(end);
    const [version, stanza = '', body] = head.split('\n');
    const headers = {
      twice: [version, stanza, body, stanza, body].join('\n'),
      other: [version, stanza.replace('X25519', 'mlkem768x25519'), body].join('\n'),
    };
    const outcomes: string[] = [];
    for (const header of Object.values(headers)) {
      const tenderBytes = concatBytes(utf8(header), rest);
      const tender = { bytes: tenderBytes.length, sha256: await sha256Of(tenderBytes) };
      const id = await upload(bidder, lot, tenderBytes);
      outcomes.push(await attempt({ ...signed({ tender }), upload: id }));
      await bidder.client.call('DELETE', `/api/lots/${lot}/uploads/${id}`);
    }
    expect(outcomes).toEqual(['tender-malformed age-header-stanzas', 'tender-malformed suite-mismatch']);
  });

  it('is refused where the body is no JSON, too large or has another field', async () => {
    const path = `/api/lots/${lot}/tenders`;
    const call = (body: unknown) => refusalOf(bidder.client.call('POST', path, body));
    const body = { upload: null, manifest: '', signature: '', envelopes: [] };
    expect(await call({ ...body, manifest: 'A'.repeat(300_000) })).toBe('too-large');
    expect(await call({ ...body, manifest: 'A'.repeat(20_004) })).toBe('bad-request');
    expect(await call({ ...body, manifest: '***' })).toBe('bad-request');
    expect(await call({ ...body, extra: 1 })).toBe('bad-request');
    expect(await call({ ...body, envelopes: Array(21).fill({ x: 1, bytes: '' }) })).toBe('bad-request');
    expect(await call([])).toBe('bad-request');
  });

  it('leaves the good one to be filed after all', async () => {
    expect(await attempt({})).toBe('answered');
  });

  it('by a revoked certificate is refused, also in a session that was open before', async () => {
    const leaver = await newcomer();
    const sealed = await sealParts(stage, leaver, lot);
    const id = await upload(leaver, lot, sealed.tenderBytes);
    const colleague = await stage.world.city.person('bidder', leaver.organisation);
    const { certSha256 } = leaver.client.session!;
    await stage.world.city.administrator.call('POST', `/api/certificates/${certSha256}/revocation`, {
      reason: 'keyCompromise',
    });
    // The session has ended; a client that logs in again is told why it cannot.
    expect(await refusalOf(file(leaver, lot, filingOf(sealed, id)))).toMatch(/^(not-signed-in|certificate-revoked)$/);
    expect(await refusalOf(file(colleague, lot, filingOf(sealed, id)))).toBe('certificate-revoked');
  });
});

const sha256Of = async (bytes: Uint8Array) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');

describe('a filing that is repeated', () => {
  it('gives the same answer, with or without its upload, and stands once', async () => {
    const bidder = await newcomer();
    const parts = await sealParts(stage, bidder, lot);
    const filing = filingOf(parts, await upload(bidder, lot, parts.tenderBytes));
    const first = await file(bidder, lot, filing);
    const again = [await file(bidder, lot, filing), await file(bidder, lot, { ...filing, upload: null })];
    const told = ({ outcome, at, seq, manifestSha256, receipt }: Filed) => ({
      outcome,
      at,
      seq,
      manifestSha256,
      index: parseTlogProof(receipt).index,
    });
    expect(again.map(told)).toEqual([told(first), told(first)]);
    expect(first.outcome).toBe('sealed');
    const mine = await bidder.client.call<{ acts: unknown[] }>('GET', `/api/lots/${lot}/tenders/mine`);
    expect(mine.acts).toHaveLength(1);
    const replay = refusalOf(file(bidders[1]!, lot, filing));
    expect(await replay).toBe('manifest-not-yours');
  });

  it('at once gives one answer to all', async () => {
    const bidder = await newcomer();
    const parts = await sealParts(stage, bidder, lot);
    const filing = filingOf(parts, await upload(bidder, lot, parts.tenderBytes));
    const answers = await Promise.all([1, 2, 3].map(() => file(bidder, lot, filing)));
    expect(new Set(answers.map((a) => `${a.outcome} ${a.at} ${parseTlogProof(a.receipt).index}`)).size).toBe(1);
  });

  it('racing another one for its place in the chain: one wins, the other is told and can go on', async () => {
    const bidder = await newcomer();
    const both = [await sealParts(stage, bidder, lot), await sealParts(stage, bidder, lot)];
    const filings = await Promise.all(
      both.map(async (parts) => filingOf(parts, await upload(bidder, lot, parts.tenderBytes))),
    );
    const outcomes = await Promise.all(filings.map((filing) => refusalOf(file(bidder, lot, filing))));
    expect(outcomes.toSorted()).toEqual(['answered', 'chain-broken']);
    const loser = outcomes.indexOf('chain-broken');
    const winner = both[1 - loser]!;
    const next = resign(both[loser]!, bidder, { seq: 2, prev: winner.manifestSha256 }, now());
    const filed = await file(bidder, lot, filingOf(next, filings[loser]!.upload));
    expect([filed.outcome, filed.seq]).toEqual(['sealed', 2]);
    const { acts } = await bidder.client.call<{ acts: { manifestSha256: string }[] }>(
      'GET',
      `/api/lots/${lot}/tenders/mine`,
    );
    expect(acts.map((a) => a.manifestSha256)).toEqual([winner.manifestSha256, next.manifestSha256]);
  });

  it('by another bidder under its own signature, at once or later, stands for one of them only', async () => {
    const twins = [await newcomer(), await newcomer(), await newcomer()];
    const parts = await sealParts(stage, twins[0]!, lot);
    const filings = await Promise.all(
      twins.map(async (bidder) => ({
        ...filingOf(parts, await upload(bidder, lot, parts.tenderBytes)),
        signature: signDetached(bidder.client.key!, parts.manifestBytes, now()),
      })),
    );
    const [first, second, third] = twins.map((bidder, i) => () => refusalOf(file(bidder, lot, filings[i]!)));
    expect((await Promise.all([first!(), second!()])).toSorted()).toEqual(['answered', 'manifest-known']);
    expect(await third!()).toBe('manifest-known');
  });

  it("does not take a rival's upload away, whatever it names", async () => {
    const [bidder, rival] = [await newcomer(), bidders[2]!];
    const parts = await sealParts(stage, bidder, lot);
    await submit(bidder, lot, parts);
    const theirs = await sealParts(stage, rival, lot);
    const id = await upload(rival, lot, theirs.tenderBytes);
    const taken = await file(bidder, lot, { ...withdrawal(bidder, parts, now()), upload: id });
    expect(taken.outcome).toBe('withdrawn');
    expect((await file(rival, lot, filingOf(theirs, id))).outcome).toBe('sealed');
  });

  it('as a guarantee with the same key gives the same answer, and a second one is refused', async () => {
    const finance = await stage.world.city.person('finance');
    const deed = { organisation: bidders[3]!.organisation, amountFen: '1000000', issuer: '某银行', number: 'BH-1' };
    const record = (body: object, idempotencyKey: string) =>
      finance.client.call('POST', `/api/lots/${second.lot}/guarantees`, body, { idempotencyKey });
    const first = await record(deed, 'deed-1');
    expect(await record(deed, 'deed-1')).toEqual(first);
    expect(await refusalOf(record({ ...deed, number: 'BH-2' }, 'deed-1'))).toBe('idempotency-mismatch');
    expect(await refusalOf(record(deed, 'deed-2'))).toBe('bond-recorded');
    expect(await refusalOf(record({ ...deed, organisation: finance.organisation }, 'deed-3'))).toBe('bidder-unknown');
  });
});

describe('before the opening', () => {
  /** Every GET with the ids of the lot in its place, as one role sees it: status and body. */
  async function walk(client: Client, routes: readonly Route[]): Promise<Map<string, string>> {
    const seen = new Map<string, string>();
    for (const { spec } of routes)
      seen.set(`${spec.name} ${filled(spec.path)}`, await bodyOf(client, filled(spec.path)));
    return seen;
  }
  const bodyOf = async (client: Client, path: string) => {
    try {
      return steady(Buffer.from(await client.download(path)).toString('latin1'));
    } catch (error) {
      if (error instanceof ProblemError) return `${error.status} ${error.code}`;
      throw error;
    }
  };
  const ids: Readonly<Record<string, () => string>> = {
    lot: () => lot,
    opening: () => stage.published.opening,
    project: () => stage.published.project,
    id: () => stage.published.project,
    subject: () => stage.published.opening,
    level: () => 'audit',
    step: () => 'close',
  };
  const filled = (path: string) =>
    path.replace(/[{}]/g, '').replace(/[:*](\w+)(\([^)]*\))?/g, (_, name: string) => {
      if (/sha256|hash|manifest/i.test(name)) return 'ab'.repeat(32);
      return (ids[name] ?? (() => '019a0000-0000-7000-8000-000000000000'))();
    });
  /** Different at every look, whoever files: the log of sealed leaves (with decoys), the process's own figures, nonces, lists of the moment. */
  const unsteady = /^\/(log|metrics|healthz)|^\/api\/(login\/nonce|receipts|trust\/crl|clock|access-log|health)/;
  /** The timeline says what time it is; the statistics say how long the log is, as /log/checkpoint does. */
  const steady = (body: string) => body.replace(/"now":"[^"]+"/, '').replace(/"log":\{"size":[^}]*\}/, '');

  it('no answer of any route to anybody but the bidder changes with a tender more, and none names a bidder', async () => {
    const { host, witness, supervisor, auditor, tenderer } = stage.cast;
    const others = [host, witness, supervisor, auditor, tenderer, await stage.world.city.person('finance')];
    const lookers = [...others.map((o) => o.client), stage.world.city.administrator, bidders[3]!.client];
    lookers.push(await stage.world.city.nobody());
    const bidder = await newcomer();
    const parts = await sealParts(stage, bidder, lot);
    const id = await upload(bidder, lot, parts.tenderBytes);
    const routes = stage.app.rooms.routes.filter(({ spec }) => spec.method === 'GET' && !unsteady.test(spec.path));
    expect(routes.length).toBeGreaterThan(50);
    const before: Map<string, string>[] = [];
    for (const looker of lookers) before.push(await walk(looker, routes));
    expect((await file(bidder, lot, filingOf(parts, id))).outcome).toBe('sealed');
    const changed: string[] = [];
    const named: string[] = [];
    const handle = (await bidder.client.call<{ handle: string }>('GET', `/api/lots/${lot}/tenders/mine`)).handle;
    const secrets = [handle, parts.manifestSha256, bidder.organisation, bidder.id];
    for (const [i, looker] of lookers.entries())
      for (const [route, body] of await walk(looker, routes)) {
        const who = looker.session?.roles.join() ?? 'nobody';
        if (body !== before[i]!.get(route)) changed.push(`${who}: ${route}`);
        // The registers list everybody, bidding or not.
        const register = /^list(Organisations|People|Certificates)|^show(Organisation|Person)/.test(route);
        if (!register && secrets.some((secret) => body.includes(secret))) named.push(`${who}: ${route}`);
      }
    expect({ changed, named }).toEqual({ changed: [], named: [] });
  });

  it('questions are shown without who asked or when', async () => {
    const asked = { text: '管径以何为准？' };
    await bidders[3]!.client.call('POST', `/api/lots/${lot}/questions`, asked, { idempotencyKey: 'question-1' });
    const shown = await stage.cast.host.client.call<Record<string, unknown>[]>('GET', `/api/lots/${lot}/questions`);
    expect(shown.map((q) => Object.keys(q).toSorted())).toEqual([['sha256', 'text']]);
  });

  it('no row of the chains, their entries, answers and uploads says who it is', async () => {
    const people = await query(
      `select p.id, p.organisation, d.name, o.name as home, o.uscc, c.id as certificate from person p
       join person_data d on d.person = p.id join organisation o on o.id = p.organisation
       join certificate c on c.person = p.id where p.state -> 'roles' @> '["bidder"]'`,
    );
    const secrets = people.flatMap((row) => Object.values(row).map(String));
    expect(secrets.length).toBeGreaterThanOrEqual(24);
    const bidding = people.map(({ id }) => String(id));
    const rows = [
      ...(await query('select * from tender_chain')),
      ...(await query('select * from tender_upload')),
      ...(await query('select * from tender_question')),
      ...(await query(
        `select actor, kind, subject, event, request_id, convert_from(leaf, 'UTF8') as leaf,
           convert_from(sealed_act, 'UTF8') as act, encode(body, 'hex') as body
         from journal_entry where subject_kind = 'tender_chain'`,
      )),
      ...(await query(`select * from act_answer where answer::text like ?`, [`%${lot}%`])).filter(
        ({ answer }) => !JSON.stringify(answer).includes('"officers"'),
      ),
    ];
    expect(rows.length).toBeGreaterThan(2);
    const told = rows.map((row) => JSON.stringify(row)).filter((row) => secrets.some((secret) => row.includes(secret)));
    expect(told).toEqual([]);
    const answers = await query('select actor from act_answer');
    expect(answers.filter(({ actor }) => bidding.includes(String(actor)))).toEqual([]);
    const sealed = await query(`select actor, subject from journal_entry where subject_kind = 'tender_chain'`);
    expect(sealed.every(({ actor, subject }) => String(subject).endsWith(`:${String(actor)}`))).toBe(true);
  });

  it('sealed leaves say only that something was done', async () => {
    const leaves = await query(
      `select convert_from(leaf, 'UTF8') as leaf, kind from journal_entry where subject_kind = 'tender_chain'`,
    );
    const shapes = new Set(leaves.map(({ leaf }) => Object.keys(JSON.parse(String(leaf)) as object).join()));
    expect([...shapes]).toEqual(['commitment,type,v']);
    expect(new Set(leaves.map(({ kind }) => kind))).toEqual(new Set(['sealed']));
  });
});
