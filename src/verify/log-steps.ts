/** The log: leaves to root, root to signed checkpoint, cosignatures, consistency with what was seen before, and its entries. */

import { z } from 'zod';
import { bundlePath } from '../formats/bundle.ts';
import { equalBytes, fromBase64, sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import { entryBodies, isEntryKind } from '../formats/entries.ts';
import { FormatError } from '../formats/format-error.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint, refuseSplitView } from '../formats/log/checkpoint.ts';
import { leafHash, treeRoot } from '../formats/log/merkle.ts';
import { cosignersOf, meetsQuorum, openWitnessedCheckpoint } from '../formats/log/tlog-policy.ts';
import { openLeaf } from '../formats/open-leaf.ts';
import { sealedLeaf } from '../formats/sealed-act.ts';
import { needed, neededText } from './bundle-reader.ts';
import type { Entry, Evidence, SeenCheckpoint } from './evidence.ts';

/** A leaf has at most 60,000 bytes (trust protocol 4). */
const maxLeafBytes = 60_000;

/** Leaves, root, checkpoint. Throws FormatError `checkpoint-*`, `witness-*`, `inclusion-proof`. */
export async function checkLog(evidence: Evidence): Promise<string> {
  const { bundle, trust } = evidence;
  const text = await neededText(bundle, bundlePath.checkpoint);
  const checkpoint = openWitnessedCheckpoint(text, trust.policy);
  const leaves = readLeaves(await neededText(bundle, bundlePath.leaves));
  const hashes = leaves.map(leafHash);
  if (BigInt(leaves.length) !== checkpoint.size || !equalBytes(treeRoot(hashes), checkpoint.root))
    throw new FormatError('inclusion-proof', `the ${leaves.length} leaves do not make the root of the checkpoint`);
  evidence.leaves = leaves;
  evidence.hashes = hashes;
  evidence.witnessed = checkpoint.witnessed;
  evidence.seen.push({
    size: leaves.length,
    cosigned: checkpoint.witnessed ? [...checkpoint.cosigned.values()].map(Number) : [],
  });
  return `${leaves.length} 条 / leaves, ${checkpoint.cosigned.size} 联署 / cosignatures`;
}

function readLeaves(text: string): Uint8Array[] {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.map((line, i) => {
    try {
      const leaf = fromBase64(line);
      if (leaf.length <= maxLeafBytes) return leaf;
    } catch {
      // Said below.
    }
    throw new FormatError('inclusion-proof', `line ${i + 1} of the leaves is no leaf`);
  });
}

/** The log extends the pinned checkpoint and the earlier ones of the bundle. Throws `split-view`, `consistency-proof`. */
export async function checkConsistency(evidence: Evidence): Promise<string> {
  const { bundle, trust } = evidence;
  if (trust.pinned !== null) requireExtends(evidence, trust.pinned);
  const earlier = (await bundle.paths()).filter((p) => p.startsWith('log/checkpoints/'));
  for (const path of earlier) evidence.seen.push(requireExtends(evidence, await neededText(bundle, path)));
  evidence.seen.sort((a, b) => a.size - b.size);
  return `${earlier.length + (trust.pinned === null ? 0 : 1)} 个此前检查点 / earlier checkpoints`;
}

/** A checkpoint that the log signed must be of a tree that our leaves begin with or are. */
export function requireExtends(evidence: Evidence, text: string): SeenCheckpoint {
  const { trust, hashes } = evidence;
  const { origin } = parseCheckpoint(text);
  const log = trust.policy.logs.find(({ key }) => key.name === origin);
  if (!log) throw new FormatError('checkpoint-origin', `a checkpoint of ${origin}`);
  const checkpoint = openCheckpoint(text, log.key);
  const size = Number(checkpoint.size);
  if (size > hashes.length)
    throw new FormatError('consistency-proof', `the log had ${size} entries before, now ${hashes.length}`);
  const ours: Checkpoint = { origin, size: checkpoint.size, root: treeRoot(hashes.slice(0, size)) };
  if (size === hashes.length) refuseSplitView(ours, checkpoint);
  if (!equalBytes(ours.root, checkpoint.root))
    throw new FormatError('consistency-proof', `the first ${size} entries are not those that were signed before`);
  const cosigned = cosignersOf(checkpoint, trust.policy);
  const quorum = trust.policy.quorum !== 'none' && meetsQuorum(trust.policy, new Set(cosigned.keys()));
  return { size, cosigned: quorum ? [...cosigned.values()].map(Number) : [] };
}

/** Every leaf is a sealed or an open one; bodies of the kinds that matter are read. Throws `schema`, `not-canonical`. */
export async function checkEntries(evidence: Evidence): Promise<string> {
  const entries: Entry[] = [];
  const sealed = new Map<number, string>();
  for (const [index, leaf] of evidence.leaves.entries()) {
    const parsed = parseCanonical(anyLeaf, leaf);
    if (parsed.type === 'sealed') {
      sealed.set(index, parsed.commitment);
      continue;
    }
    const { at, kind, subject } = parsed;
    const body = 'bodySha256' in parsed ? await readBody(evidence, kind, parsed.bodySha256) : parsed.body;
    if (isEntryKind(kind)) requireBody(kind, index, body);
    entries.push({ index, at, kind, subject, body });
  }
  requireProject(evidence, entries);
  evidence.entries = entries;
  evidence.sealed = sealed;
  return `${entries.length} 公开 / open, ${sealed.size} 密封 / sealed`;
}

/** The opening of the bundle is one of the project that the bundle names. */
function requireProject({ about }: Evidence, entries: readonly Entry[]): void {
  const scheduled = entries.some(({ kind, body }) => {
    const { opening, project } = (body ?? {}) as { opening?: unknown; project?: unknown };
    return kind === 'opening-scheduled' && opening === about.opening && project === about.project;
  });
  if (!scheduled) throw new FormatError('schema', `no opening ${about.opening} of project ${about.project} in the log`);
}

const anyLeaf = z.union([sealedLeaf, openLeaf]);

function requireBody(kind: keyof typeof entryBodies, index: number, body: unknown): void {
  const read = entryBodies[kind].safeParse(body);
  if (!read.success) throw new FormatError('schema', `entry ${index} (${kind}): ${read.error.issues[0]?.message}`);
}

/** A large body stands beside the log; only those that the proof rests on are needed. */
async function readBody(evidence: Evidence, kind: string, hex: string): Promise<unknown> {
  if (!isEntryKind(kind)) return null;
  const bytes = await needed(evidence.bundle, bundlePath.body(hex));
  if (sha256Hex(bytes) !== hex) throw new FormatError('inclusion-proof', `body ${hex} is another one`);
  return parseCanonical(z.unknown(), bytes);
}
