/** An officer's programs against a server that wants more of them than it may have. */
import { describe, expect, it } from 'vitest';
import type { Client } from '../src/cli/client.ts';
import { answerRehearsal, signPolicy } from '../src/cli/programs/release-keys.ts';
import { fromUtf8, toBase64, utf8 } from '../src/formats/bytes.ts';
import { canonicalBytes } from '../src/formats/canonical.ts';
import { signDetached } from '../src/formats/cms.ts';
import { FormatError } from '../src/formats/format-error.ts';
import { sealEnvelope } from '../src/sealing/index.ts';
import { bidder, makePolicy, now, officers, seal, world } from './support/sealing-world.ts';

const officer = officers[2]!;
type Sent = { path: string; body: unknown };

/** A client whose server answers with this state; what the program sends and signs is kept. */
function clientOf(state: object, key = officer.key): { client: Client; sent: Sent[]; signed: string[] } {
  const [sent, signed]: [Sent[], string[]] = [[], []];
  const client = {
    key,
    session: { person: 'me' },
    sign: (document: Uint8Array) => {
      signed.push(fromUtf8(document));
      return toBase64(signDetached(key, document, now));
    },
    call: async (method: string, path: string, body?: unknown) => {
      if (method !== 'GET') sent.push({ path, body });
      return state;
    },
  } as unknown as Client;
  return { client, sent, signed };
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof FormatError ? error.code : String(error)),
  );

describe('the signature of a policy', () => {
  const document = fromUtf8(world.bytes);

  it('is given to a policy of the opening that seats the officer', async () => {
    const { client, signed } = clientOf({ document });
    expect(await codeOf(signPolicy(client, 'opening-1', officer.recipient))).toBe('done');
    expect(signed).toEqual([document]);
  });

  const changed = makePolicy('quorum', { opening: 'opening-2' });
  it.each([
    ['a log-in', 'yangguang login v1\nhttp://x\nnonce\n2026-11-20T01:00:00Z\n', 'not-canonical'],
    ['a change of certificate', 'yangguang change v1\nhttp://x\nnonce\n2026-11-20T01:00:00Z\nabc\n', 'not-canonical'],
    ['another document', fromUtf8(canonicalBytes({ type: 'yangguang.org/key-release/v1' })), 'schema'],
    ['the policy of another opening', fromUtf8(changed.bytes), 'policy-signature'],
  ])('is not given to %s', async (_, text, code) => {
    const { client, sent, signed } = clientOf({ document: text });
    expect([await codeOf(signPolicy(client, 'opening-1')), sent, signed]).toEqual([code, [], []]);
  });

  it('is not given where another key or another certificate has the seat', async () => {
    const other = clientOf({ document });
    expect(await codeOf(signPolicy(other.client, 'opening-1', officers[0]!.recipient))).toBe('policy-signature');
    const stranger = clientOf({ document }, bidder);
    expect(await codeOf(signPolicy(stranger.client, 'opening-1'))).toBe('policy-signature');
    expect([...other.signed, ...stranger.signed]).toEqual([]);
  });
});

describe('a rehearsal', () => {
  const stateOf = (envelope: Uint8Array) => ({
    officers: [{ person: 'me', signed: true, rehearsal: { envelope: toBase64(envelope), passedAt: null } }],
  });

  it('gives out the test value', async () => {
    const value = 'ab'.repeat(32);
    const { client, sent } = clientOf(stateOf(await sealEnvelope(utf8(value), officer.recipient)));
    await answerRehearsal(client, 'opening-1', officer.identity);
    expect(sent).toEqual([{ path: '/api/openings/opening-1/rehearsal/answers', body: { value } }]);
  });

  it('gives out no share of a tender that the server hands over in its place', async () => {
    const { envelopes } = await seal();
    const { client, sent } = clientOf(stateOf(envelopes[officer.x - 1]!.bytes));
    expect(await codeOf(answerRehearsal(client, 'opening-1', officer.identity))).toBe('release-order');
    expect(sent).toEqual([]);
  });
});
