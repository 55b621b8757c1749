/** Facts and storage of opening policies. */
import { Encrypter } from 'age-encryption';
import { fromBase64, sha256Hex, toBase64, toHex, utf8 } from '../formats/bytes.ts';
import { type OpeningPolicy, openingPolicy } from '../formats/opening-policy.ts';
import { ageRecipient } from '../formats/primitives.ts';
import type { Acted, Journal, Procedure, Tx } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { ReadManager, Row } from '../platform/database.ts';
import type { Caller } from '../platform/http/route.ts';
import { randomOctets } from '../platform/ids.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import { policyRefusal } from './refusals.ts';
import {
  decidePolicy,
  evolvePolicy,
  initialPolicy,
  type OfficerSeat,
  type PolicyCommand,
  type PolicyEvent,
  type PolicyFacts,
  type PolicyState,
  type StoredPolicy,
} from './rules.ts';

/** A policy with every officer's signature. */
export type FormedPolicy = {
  readonly policy: OpeningPolicy;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly signatures: readonly { readonly x: number; readonly p7s: Uint8Array }[];
};

type Reader = Pick<ReadManager, 'execute'>;

export const policyProcedure: Procedure<PolicyState, PolicyCommand, PolicyEvent, Omit<PolicyFacts, 'now'>> = {
  kind: 'opening_policy',
  initial: initialPolicy,
  decide: decidePolicy,
  evolve: evolvePolicy,
  columns: (state) => ({ in_force: state.inForce }),
  publish: (event, { subject }) => ({ open: kindOf(event), body: bodyOf(event, subject) }),
  project: async (tx, state, events) => {
    for (const event of events) {
      if (event.type === 'OpeningKeyGiven')
        await tx.em.execute('insert into opening_recipient values (?, ?) on conflict do nothing', [
          event.recipient,
          state.id,
        ]);
      if (event.type === 'PolicyAssembled')
        await tx.em.execute('insert into opening_policy_document values (?, ?, ?)', [
          event.sha256,
          state.id,
          event.text,
        ]);
    }
  },
};

const kindOf = (event: PolicyEvent): string =>
  ({
    PolicyDrafted: 'policy-drafted',
    OpeningKeyGiven: 'opening-key-given',
    PolicyAssembled: 'policy-assembled',
    PolicySigned: 'policy-signed',
    PolicyFormed: 'policy-formed',
    RehearsalSet: 'rehearsal-set',
    RehearsalPassed: 'rehearsal-passed',
  })[event.type];

function bodyOf(event: PolicyEvent, opening: string): Record<string, unknown> {
  switch (event.type) {
    case 'PolicyDrafted': {
      const { lots, deadline, mode, k, officers } = event.draft;
      return {
        opening,
        lots,
        deadline,
        mode,
        k,
        officers: officers.map(({ x, role, certSha256 }) => ({ x, role, certSha256 })),
      };
    }
    case 'OpeningKeyGiven':
      return { opening, x: event.x, recipient: event.recipient };
    case 'PolicyAssembled':
      return { opening, policySha256: event.sha256 };
    case 'PolicySigned':
      return { opening, policySha256: event.sha256, x: event.x, signatureSha256: sha256Hex(fromBase64(event.p7s)) };
    case 'PolicyFormed':
      return { opening, policySha256: event.sha256, lots: event.lots, deadline: event.deadline };
    case 'RehearsalSet':
      return { opening, x: event.x, valueSha256: event.valueSha256 };
    case 'RehearsalPassed':
      return { opening, x: event.x };
  }
}

export type Policies = ReturnType<typeof policyService>;

export function policyService({ journal, parties }: { journal: Journal; parties: Parties }) {
  const act = async (
    opening: string,
    command: PolicyCommand,
    call: Caller,
    facts: (tx: Tx) => Promise<Partial<PolicyFacts>>,
  ) =>
    journal.act(policyProcedure, {
      subject: opening,
      command,
      actor: call.principal.person,
      requestId: call.requestId,
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
      facts: async (tx) => ({ unfit: [], recipientUsed: false, ...(await facts(tx)) }),
    });
  const none = async () => ({});
  return {
    draft: (opening: string, command: Omit<Extract<PolicyCommand, { type: 'draftPolicy' }>, 'type'>, call: Caller) =>
      act(opening, { type: 'draftPolicy', ...command }, call, async (tx) => ({
        unfit: await unfitSeats(tx.em, parties, command.officers),
      })),
    giveKey: async (opening: string, recipient: string, call: Caller) => {
      if (!(await canReceive(recipient))) return policyRefusal('recipient-malformed');
      return act(opening, { type: 'giveOpeningKey', person: call.principal.person, recipient }, call, async (tx) => ({
        recipientUsed:
          // In a changed policy of the same opening an officer who still has the key keeps it: no other opening learns from it.
          (
            await tx.em.execute('select 1 as used from opening_recipient where recipient = ? and opening <> ?', [
              recipient,
              opening,
            ])
          ).length > 0,
      }));
    },
    sign: async (opening: string, p7s: Uint8Array, call: Caller) => {
      const state = await stateOf(journal.db.read(), opening);
      const latest = state?.policies.at(-1);
      if (!latest) return policyRefusal('policy-not-assembled');
      const signer = await parties.verifySignature(journal.db.read(), utf8(latest.text), p7s, await now(journal));
      const seat = state?.draft?.officers.find((o) => o.person === call.principal.person);
      if (!seat || seat.certSha256 !== signer.certSha256) return policyRefusal('not-an-officer');
      return act(
        opening,
        { type: 'signPolicy', person: seat.person, policySha256: latest.sha256, p7s: toBase64(p7s) },
        call,
        none,
      );
    },
    /** Encrypts a fresh test value to every officer; each must decrypt it before the deadline (trust protocol 2.1). */
    rehearse: async (opening: string, call: Caller): Promise<Refusal | Acted<PolicyState, PolicyEvent> | null> => {
      const state = await stateOf(journal.db.read(), opening);
      if (!state?.inForce || !state.draft) return policyRefusal('policy-not-in-force');
      let last: Refusal | Acted<PolicyState, PolicyEvent> | null = null;
      for (const officer of state.draft.officers) {
        if (officer.recipient === null) return policyRefusal('policy-not-in-force');
        const value = toHex(randomOctets(32));
        const envelope = toBase64(await encryptTo(officer.recipient, utf8(value)));
        last = await act(
          opening,
          { type: 'setRehearsal', x: officer.x, valueSha256: sha256Hex(utf8(value)), envelope },
          { ...call, idempotencyKey: undefined },
          none,
        );
        if (isRefusal(last)) return last;
      }
      return last;
    },
    answerRehearsal: (opening: string, value: string, call: Caller) =>
      act(
        opening,
        { type: 'answerRehearsal', person: call.principal.person, valueSha256: sha256Hex(utf8(value)) },
        call,
        none,
      ),
    state: (reader: Reader, opening: string) => stateOf(reader, opening),
    /** The policy that new tenders must name; null while there is none. */
    inForce: async (reader: Reader, opening: string): Promise<FormedPolicy | null> => {
      const state = await stateOf(reader, opening);
      const stored = state?.policies.find((p) => p.sha256 === state.inForce);
      return stored ? formed(stored) : null;
    },
    /** Any policy that was once in force, by its hash. */
    bySha256: async (reader: Reader, sha256: string): Promise<FormedPolicy | null> => {
      const rows = (await reader.execute('select opening from opening_policy_document where sha256 = ?', [
        sha256,
      ])) as Row[];
      if (!rows[0]) return null;
      const stored = (await stateOf(reader, String(rows[0].opening)))?.policies.find(
        (p) => p.sha256 === sha256 && p.formedAt !== null,
      );
      return stored ? formed(stored) : null;
    },
    /** Every policy of the opening that was ever in force, oldest first. */
    allFormed: async (reader: Reader, opening: string): Promise<FormedPolicy[]> =>
      ((await stateOf(reader, opening))?.policies ?? []).filter((p) => p.formedAt !== null).map(formed),
  };
}

function formed(stored: StoredPolicy): FormedPolicy {
  return {
    policy: openingPolicy.parse(JSON.parse(stored.text)),
    bytes: utf8(stored.text),
    sha256: stored.sha256,
    signatures: stored.signatures.map((s) => ({ x: s.x, p7s: fromBase64(s.p7s) })),
  };
}

async function stateOf(reader: Reader, opening: string): Promise<PolicyState | null> {
  const rows = (await reader.execute('select state from opening_policy where id = ?', [opening])) as Row[];
  return rows[0] ? (rows[0].state as PolicyState) : null;
}

async function unfitSeats(reader: ReadManager, parties: Parties, seats: readonly OfficerSeat[]): Promise<string[]> {
  const unfit: string[] = [];
  for (const seat of seats) {
    const [person, certificate] = [
      await parties.person(reader, seat.person),
      await parties.certificate(reader, seat.certSha256),
    ];
    const holds = person?.roles.some((r) => r === seat.role || (seat.role === 'tenderer' && r === 'agency'));
    if (!holds || certificate?.person !== seat.person || certificate.revokedAt !== null) unfit.push(seat.person);
  }
  return unfit;
}

async function now(journal: Journal): Promise<string> {
  return journal.keep(async (tx) => tx.now);
}

/** A recipient of the right shape may still have a wrong checksum or be a point that no key fits: then nobody could seal. */
async function canReceive(recipient: string): Promise<boolean> {
  if (!ageRecipient.safeParse(recipient).success) return false;
  return encryptTo(recipient, randomOctets(32)).then(
    () => true,
    () => false,
  );
}

async function encryptTo(recipient: string, bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
}
