/**
 * The trace of an entry: the entry itself, all entries of its subject, and links to the proofs. A sealed leaf says nothing of its
 * chain: how many acts a handle has tells who is bidding, so its subject shows to supervisors and auditors only, and to them only
 * once every sealed leaf of the lot has been opened. People's own subjects are for supervisors and auditors too.
 */
import type { z } from 'zod';
import { fromUtf8, toHex } from '../formats/bytes.ts';
import { entryNames } from '../formats/entry-names.ts';
import { leafHash } from '../formats/log/merkle.ts';
import { type Journal, utcText } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Principal } from '../platform/http/route.ts';
import type { subjectEntries, trace, traceEntry } from './contracts.ts';

type Shown = z.infer<typeof traceEntry>;
const mostEntries = 500;
const chain = 'tender_chain';
const ofPeople = ['person', 'certificate', 'registration'];

const columns = `l.log_index::text as index, e.id::text as id, ${utcText('e.at')} as at, e.kind, e.subject_kind, e.subject, e.version,
  e.actor, e.sealed_act is not null as sealed, p.state -> 'roles' as roles`;
const joined = `journal_entry e left join journal_leaf l on l.entry_id = e.id left join person p on p.id = e.actor`;

const watches = (principal: Principal | null): boolean =>
  principal?.roles.some((role) => role === 'supervisor' || role === 'auditor') === true;

/** Null where there is no such entry in the published log. */
export async function traceOf(
  journal: Journal,
  index: bigint,
  principal: Principal | null,
): Promise<z.infer<typeof trace> | null> {
  const size = journal.size();
  if (index >= size) return null;
  const [row] = await journal.db.query(`select ${columns}, e.leaf from ${joined} where l.log_index = ?`, [
    index.toString(),
  ]);
  if (!row) return null;
  const leaf = new Uint8Array(row.leaf as Uint8Array);
  const open = await mayFollow(journal, row, principal);
  const list = open ? await entriesOf(journal, String(row.subject), String(row.subject_kind), principal) : null;
  const entry = shown(row, principal, open);
  return {
    entry,
    leafSha256: toHex(leafHash(leaf)),
    leaf: JSON.parse(fromUtf8(leaf)) as unknown,
    subjectEntries: list?.entries ?? [entry],
    subjectTruncated: list?.truncated ?? false,
    previous: index > 0n ? (index - 1n).toString() : null,
    next: index + 1n < size ? (index + 1n).toString() : null,
    logSize: size.toString(),
  };
}

/** The entries of every kind of procedure under one id (a lot has an evaluation and an award); null where none may be seen. */
export async function entriesOfSubject(
  journal: Journal,
  subject: string,
  principal: Principal | null,
): Promise<z.infer<typeof subjectEntries> | null> {
  const kinds = await journal.db.query('select distinct subject_kind, subject from journal_entry where subject = ?', [
    subject,
  ]);
  const may: string[] = [];
  for (const row of kinds) if (await mayFollow(journal, row, principal)) may.push(String(row.subject_kind));
  if (may.length === 0) return null;
  const lists = await Promise.all(may.map((kind) => entriesOf(journal, subject, kind, principal)));
  const entries = lists.flatMap((list) => list.entries).toSorted((a, b) => Number(a.index ?? 0) - Number(b.index ?? 0));
  return { subject, entries, truncated: lists.some(({ truncated }) => truncated) };
}

async function entriesOf(journal: Journal, subject: string, kind: string, principal: Principal | null) {
  // Strangers see what the published log holds; an entry without an index is on its way there.
  const rows = await journal.db.query(
    `select ${columns} from ${joined} where e.subject_kind = ? and e.subject = ? and l.log_index < ? order by e.version limit ?`,
    [kind, subject, journal.size().toString(), mostEntries + 1],
  );
  return {
    entries: rows.slice(0, mostEntries).map((row) => shown(row, principal, true)),
    truncated: rows.length > mostEntries,
  };
}

async function mayFollow(journal: Journal, row: Row, principal: Principal | null): Promise<boolean> {
  const kind = String(row.subject_kind);
  if (ofPeople.includes(kind)) return watches(principal);
  if (kind !== chain) return true;
  if (!watches(principal)) return false;
  const [lot = ''] = String(row.subject).split(':');
  const [found] = await journal.db.query(
    `select 1 as one from project_lot l join opening o on o.project = l.project
     where l.lot = ? and o.state -> 'lots' @> jsonb_build_array(jsonb_build_object('lot', ?::text))
       and exists (select 1 from jsonb_array_elements(o.state -> 'lots') one
         where one ->> 'lot' = l.lot and one ->> 'commitmentsSha256' is not null)`,
    [lot, lot],
  );
  return found !== undefined;
}

/** `open`: the reader may know the subject. */
function shown(row: Row, principal: Principal | null, open: boolean): Shown {
  const sealed = row.sealed === true;
  const index = row.index == null ? null : String(row.index);
  const kind = sealed ? 'sealed' : String(row.kind);
  const known = open && !sealed;
  const roles = known && Array.isArray(row.roles) ? (row.roles as string[]) : [];
  return {
    index,
    entryId: String(row.id),
    // A sealed leaf carries no time: beside an access log the second would name its author.
    at: sealed && !open ? null : String(row.at),
    kind,
    kindName: sealed ? '密封条目' : (entryNames[kind] ?? kind),
    subjectKind: open ? String(row.subject_kind) : 'sealed',
    subject: open ? String(row.subject) : '',
    version: open ? Number(row.version) : 0,
    actorRoles: roles,
    actor: actorOf(row, principal, roles, known),
    links: {
      inclusion: index === null ? null : `/log/proof/inclusion?index=${index}&size=`,
      entry: index === null ? null : `/log/entries?from=${index}&limit=1`,
      receipt: sealed ? null : `/api/receipts/${String(row.id)}`,
    },
  };
}

/** A bidder's act never names the bidder (an objector stands under a pseudonym); a committee member's shows to supervisors. */
function actorOf(row: Row, principal: Principal | null, roles: readonly string[], known: boolean): string | null {
  if (!known || !watches(principal) || roles.includes('bidder')) return null;
  if (row.subject_kind === 'evaluation' && !principal?.roles.includes('supervisor')) return null;
  return String(row.actor);
}
