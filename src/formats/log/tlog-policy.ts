/**
 * Log policies (c2sp.org/tlog-policy): which logs, which witnesses, and which sets of them suffice. Names are texts here: files
 * that are not UTF-8 are refused, a limit that the format allows. Browser-safe.
 */
import { FormatError } from '../format-error.ts';
import { openCheckpoint, parseCheckpoint, type ReadCheckpoint } from './checkpoint.ts';
import { verifyCosignature } from './cosignature.ts';
import { logKeyType, parseVkey, type VerifierKey, witnessKeyType } from './note.ts';

export type PolicyLog = { readonly key: VerifierKey; readonly url: string | null };
export type PolicyWitness = PolicyLog & { readonly name: string };
type PolicyGroup = { readonly name: string; readonly threshold: number; readonly members: readonly string[] };

export type LogPolicy = {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or group, or `none`. */
  readonly quorum: string;
};

const maxLines = 10_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format allows tab and newline only
const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f]/;

type Draft = { logs: PolicyLog[]; witnesses: PolicyWitness[]; groups: PolicyGroup[]; quorum: string | null };

/** Reads a policy file; throws FormatError `schema` with the line at fault. */
export function parsePolicy(text: string): LogPolicy {
  if (forbidden.test(text)) throw new FormatError('schema', 'a control character in a log policy');
  const lines = text.split('\n');
  if (lines.length > maxLines) throw new FormatError('schema', 'the log policy is too long');
  const draft: Draft = { logs: [], witnesses: [], groups: [], quorum: null };
  for (const [i, line] of lines.entries()) {
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    if (items.length === 0 || items[0]!.startsWith('#')) continue;
    const fault = readLine(draft, items);
    if (fault !== null) throw new FormatError('schema', `log policy line ${i + 1}: ${fault}`);
  }
  if (draft.quorum === null) throw new FormatError('schema', 'the log policy has no quorum line');
  return { ...draft, quorum: draft.quorum };
}

/** Adds one line to the draft; answers what is wrong with it, or null. */
function readLine(draft: Draft, [keyword, ...items]: string[]): string | null {
  switch (keyword) {
    case 'log': {
      if (items.length < 1 || items.length > 2) return 'log <vkey> [<url>]';
      const key = parseVkey(items[0]!);
      if (key.type !== logKeyType) return 'the key of a log has type 0x01';
      if (draft.logs.some((log) => sameKey(log.key, key))) return 'the same log twice';
      draft.logs.push({ key, url: items[1] ?? null });
      return null;
    }
    case 'witness': {
      if (items.length < 2 || items.length > 3) return 'witness <name> <vkey> [<url>]';
      const key = parseVkey(items[1]!);
      if (key.type !== witnessKeyType) return 'the key of a witness has type 0x04';
      if (draft.witnesses.some((witness) => sameKey(witness.key, key))) return 'the same witness twice';
      if (isTaken(draft, items[0]!)) return `the name ${items[0]} is taken`;
      draft.witnesses.push({ name: items[0]!, key, url: items[2] ?? null });
      return null;
    }
    case 'group':
      return readGroup(draft, items);
    case 'quorum': {
      if (items.length !== 1) return 'quorum <name>';
      if (draft.quorum !== null) return 'a second quorum line';
      if (items[0] !== 'none' && !isTaken(draft, items[0]!)) return `${items[0]} is not defined above`;
      draft.quorum = items[0]!;
      return null;
    }
    default:
      return `unknown keyword ${keyword}`;
  }
}

function readGroup(draft: Draft, [name, need, ...members]: string[]): string | null {
  if (name === undefined || need === undefined || members.length === 0) return 'group <name> all|any|<k> <name>...';
  if (isTaken(draft, name)) return `the name ${name} is taken`;
  const threshold =
    need === 'all' ? members.length : need === 'any' ? 1 : /^[1-9][0-9]{0,4}$/.test(need) ? Number(need) : 0;
  if (threshold < 1 || threshold > members.length)
    return `the threshold ${need} does not fit ${members.length} members`;
  for (const [i, member] of members.entries()) {
    if (member === 'none' || !isTaken(draft, member)) return `${member} is not defined above`;
    // Each witness may count in one way only.
    if (members.indexOf(member) !== i || draft.groups.some((group) => group.members.includes(member)))
      return `${member} is a member twice`;
  }
  draft.groups.push({ name, threshold, members });
  return null;
}

const isTaken = ({ witnesses, groups }: Draft, name: string): boolean =>
  name === 'none' || witnesses.some((w) => w.name === name) || groups.some((g) => g.name === name);

const sameKey = (a: VerifierKey, b: VerifierKey): boolean => a.publicKey.every((byte, i) => byte === b.publicKey[i]);

/** Whether the witnesses (by their names in the policy) make the quorum. A policy of `quorum none` is always met. */
export function meetsQuorum(policy: LogPolicy, cosigners: ReadonlySet<string>): boolean {
  const witnessed = (name: string): boolean => {
    const group = policy.groups.find((g) => g.name === name);
    return group ? group.members.filter(witnessed).length >= group.threshold : cosigners.has(name);
  };
  return policy.quorum === 'none' || witnessed(policy.quorum);
}

export type WitnessedCheckpoint = ReadCheckpoint & {
  /** POSIX seconds of each witness's cosignature, by its name in the policy. */
  readonly cosigned: ReadonlyMap<string, bigint>;
  /** False where the policy asks for no witness: then forks are not excluded, and a verdict says `unwitnessed`. */
  readonly witnessed: boolean;
};

/** Valid cosignatures of the policy's witnesses, each counted once. Throws FormatError `witness-signature` on a false one. */
export function cosignersOf(checkpoint: ReadCheckpoint, policy: LogPolicy): Map<string, bigint> {
  const cosigned = new Map<string, bigint>();
  for (const { name, key } of policy.witnesses)
    for (const signature of checkpoint.note.signatures)
      if (signature.name === key.name && signature.id === key.id)
        cosigned.set(name, verifyCosignature(checkpoint.note.text, signature, key));
  return cosigned;
}

/**
 * Reads a checkpoint that the policy accepts. Throws FormatError `checkpoint-origin`, `checkpoint-signature`,
 * `witness-signature` or `witness-quorum`. The policy must name the log.
 */
export function openWitnessedCheckpoint(text: string, policy: LogPolicy): WitnessedCheckpoint {
  const { origin } = parseCheckpoint(text);
  const log = policy.logs.find(({ key }) => key.name === origin);
  if (!log) throw new FormatError('checkpoint-origin', `the policy does not name the log ${origin}`);
  const checkpoint = openCheckpoint(text, log.key);
  const cosigned = cosignersOf(checkpoint, policy);
  if (!meetsQuorum(policy, new Set(cosigned.keys())))
    throw new FormatError('witness-quorum', `${cosigned.size} of ${policy.witnesses.length} witnesses have cosigned`);
  return { ...checkpoint, cosigned, witnessed: policy.quorum !== 'none' };
}
