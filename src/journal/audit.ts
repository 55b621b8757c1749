/**
 * The audit: every subject's row is the fold of its stored events, every leaf is the hash of its entry, and the tree's root is
 * the one that was signed. Run after database tests and nightly; it reads only.
 */
import { equalBytes, fromHex, toHex } from '../formats/bytes.ts';
import { canonicalJson } from '../formats/canonical.ts';
import { parseCheckpoint } from '../formats/log/checkpoint.ts';
import { tileWidth } from '../formats/log/tiles.ts';
import type { Database } from '../platform/database.ts';
import { edgeRoot, emptyEdge, growEdge, splitHashes } from './edge.ts';
import type { Procedure } from './procedure.ts';

/** Any room's procedure: the audit only folds. */
// biome-ignore lint/suspicious/noExplicitAny: each procedure has its own state, command, event and facts
export type AnyProcedure = Procedure<any, any, any, any>;

export type AuditFinding = {
  readonly kind: string;
  readonly subject: string;
  readonly code:
    | 'state-differs'
    | 'row-missing'
    | 'version-differs'
    | 'version-gap'
    | 'leaf-differs'
    | 'index-gap'
    | 'root-differs';
  readonly detail: string;
};

export type AuditReport = {
  readonly subjects: number;
  readonly entries: number;
  readonly findings: readonly AuditFinding[];
};

const pageSize = 500;

/** Audits every subject of the procedures and the tree; `findings` is empty where all is well. */
export async function auditAll(journal: { db: Database }, procedures: readonly AnyProcedure[]): Promise<AuditReport> {
  const findings: AuditFinding[] = [];
  let subjects = 0;
  for (const procedure of procedures) {
    for await (const subject of subjectsOf(journal.db, procedure.kind)) {
      subjects += 1;
      findings.push(...(await auditSubject(journal, procedure, subject)));
    }
  }
  const tree = await auditTree(journal);
  return { subjects, entries: tree.entries, findings: [...findings, ...tree.findings] };
}

/** Kinds of subjects that have entries but none of the procedures: an audit that leaves them out is not whole. */
export async function unauditedKinds({ db }: { db: Database }, procedures: readonly AnyProcedure[]): Promise<string[]> {
  const rows = await db.query('select distinct subject_kind as kind from journal_entry order by 1');
  const known = new Set(procedures.map(({ kind }) => kind));
  return rows.map(({ kind }) => String(kind)).filter((kind) => !known.has(kind));
}

/** Folds one subject's events and compares with its row. */
export async function auditSubject(
  { db }: { db: Database },
  procedure: AnyProcedure,
  subject: string,
): Promise<AuditFinding[]> {
  const finding = (code: AuditFinding['code'], detail: string): AuditFinding[] => [
    { kind: procedure.kind, subject, code, detail },
  ];
  const { kind } = procedure;
  const events = await db.query(
    'select version, event from journal_entry where subject_kind = ? and subject = ? order by version',
    [kind, subject],
  );
  const gap = events.findIndex(({ version }, i) => Number(version) !== i + 1);
  if (gap >= 0) return finding('version-gap', `entry ${gap + 1} has version ${events[gap]!.version}`);
  const [row] = await db.query(`select * from ${kind} where id = ?`, [subject]);
  if (events.length === 0) return row ? finding('version-gap', 'a row without entries') : [];
  if (!row) return finding('row-missing', `${events.length} entries but no row`);
  if (Number(row.version) !== events.length)
    return finding('version-differs', `row ${row.version}, entries ${events.length}`);
  const folded: unknown = events.reduce(
    (state, { event }) => procedure.evolve(state, event),
    procedure.initial(subject),
  );
  if (canonicalJson(folded) !== canonicalJson(row.state))
    return finding('state-differs', firstDifference(folded, row.state));
  return [];
}

/** Hashes every entry again, rebuilds the tree and compares tiles, indexes and the newest signed root. */
export async function auditTree({ db }: { db: Database }): Promise<{ entries: number; findings: AuditFinding[] }> {
  const findings: AuditFinding[] = [];
  const report = (code: AuditFinding['code'], detail: string) =>
    findings.push({ kind: 'journal', subject: '', code, detail });
  const [newest] = await db.query('select note from journal_checkpoint order by size desc limit 1');
  const checkpoint = newest ? parseCheckpoint(String(newest.note)) : null;
  let edge = emptyEdge;
  let index = 0n;
  for (;;) {
    const rows = await db.query(
      `select l.log_index::text as index, encode(sha256('\\x00'::bytea || e.leaf), 'hex') as hash
       from journal_leaf l join journal_entry e on e.id = l.entry_id
       where l.log_index >= ? order by l.log_index limit ${tileWidth}`,
      [index.toString()],
    );
    if (rows.length === 0) break;
    const gap = rows.findIndex((row, i) => BigInt(String(row.index)) !== index + BigInt(i));
    if (gap >= 0) {
      report('index-gap', `index ${index + BigInt(gap)} is missing`);
      break;
    }
    const hashes = rows.map(({ hash }) => fromHex(String(hash)));
    const [tile] = await db.query('select hashes from journal_tile where level = 0 and n = ?', [
      (index / BigInt(tileWidth)).toString(),
    ]);
    const stored = tile ? splitHashes(new Uint8Array(tile.hashes as Uint8Array)) : [];
    const wrong = hashes.findIndex((hash, i) => !stored[i] || !equalBytes(stored[i], hash));
    if (wrong >= 0) report('leaf-differs', `entry ${index + BigInt(wrong)} is not what its leaf says`);
    // Leaves beyond the newest checkpoint are committed, and will be signed next.
    const signed = checkpoint ? Number(checkpoint.size - edge.size) : 0;
    edge = growEdge(edge, hashes.slice(0, signed)).edge;
    index += BigInt(rows.length);
  }
  if (checkpoint && (edge.size !== checkpoint.size || !equalBytes(edgeRoot(edge), checkpoint.root)))
    report('root-differs', `size ${checkpoint.size} was signed as ${toHex(checkpoint.root)}`);
  return { entries: Number(index), findings };
}

/** Subjects with entries or rows, page by page. */
async function* subjectsOf(db: Database, kind: string): AsyncIterable<string> {
  let after = '';
  for (;;) {
    const rows = await db.query(
      `select subject from (
         select distinct subject from journal_entry where subject_kind = ? union select id from ${kind}) as all_subjects
       where subject > ? order by subject limit ${pageSize}`,
      [kind, after],
    );
    for (const { subject } of rows) yield String(subject);
    if (rows.length < pageSize) return;
    after = String(rows.at(-1)!.subject);
  }
}

/** The first path at which two JSON values differ, with both values cut short. */
function firstDifference(folded: unknown, stored: unknown, path = ''): string {
  if (isObject(folded) && isObject(stored)) {
    for (const key of new Set([...Object.keys(folded), ...Object.keys(stored)])) {
      if (canonicalOf(folded[key]) !== canonicalOf(stored[key]))
        return firstDifference(folded[key], stored[key], `${path}/${key}`);
    }
  }
  return `${path || '/'}: fold ${canonicalOf(folded).slice(0, 200)}, row ${canonicalOf(stored).slice(0, 200)}`;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const canonicalOf = (value: unknown): string => (value === undefined ? 'absent' : canonicalJson(value));
