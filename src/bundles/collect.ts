/**
 * What goes into a bundle, file by file. Grade: reading only; nothing is written. A file is bytes or a path into the store, so
 * that a tender of 500 MB is streamed.
 */

import type { Awards } from '../awards/index.ts';
import type { Evaluations } from '../evaluations/index.ts';
import { bundlePath as at, type BundleDescription, type BundleLevel, bundleReadme } from '../formats/bundle.ts';
import { fromBase64, toBase64, utf8 } from '../formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { closeSet } from '../formats/close-set.ts';
import { lotIdentity } from '../formats/lot-identity.ts';
import type { Journal } from '../journal/index.ts';
import type { LotState, OpeningState, Openings } from '../openings/index.ts';
import type { Parties } from '../parties/index.ts';
import type { FileStore } from '../platform/files.ts';
import type { Policies } from '../policies/index.ts';
import { type ProjectState, type Projects, viewOf } from '../projects/index.ts';
import { openEnvelope } from '../sealing/index.ts';
import type { SequencedAct, Tenders } from '../tenders/index.ts';

export type BundleDeps = {
  readonly journal: Journal;
  readonly files: FileStore;
  readonly policies: Policies;
  readonly projects: Projects;
  readonly tenders: Tenders;
  readonly openings: Openings;
  readonly evaluations: Evaluations;
  readonly awards: Awards;
  readonly parties: Parties;
};

export type BundleFile = { readonly path: string } & ({ readonly bytes: Uint8Array } | { readonly stored: string });
/** `handle`: for a personal bundle, the bidder's handle on each lot. */
export type Wanted = {
  /** The bundle is as of this checkpoint; the caller has made sure that it covers everything the bundle shows. */
  readonly checkpoint: string;
  readonly level: BundleLevel;
  readonly handleOf: (lot: string) => string | null;
};
type Files = AsyncGenerator<BundleFile>;

/** Every file of the bundle of a project whose lots are announced or failed. */
export async function* collectBundle(
  deps: BundleDeps,
  project: ProjectState,
  state: OpeningState,
  wanted: Wanted,
): Files {
  const description: BundleDescription = {
    type: 'yangguang.org/bundle/v1',
    level: wanted.level,
    project: project.id,
    opening: state.id,
    lots: state.lots.map((l) => l.lot),
  };
  yield { path: at.description, bytes: canonicalBytes(description) };
  yield { path: at.readme, bytes: utf8(bundleReadme(description)) };
  yield { path: at.project, bytes: canonicalBytes(viewOf(project)) };
  yield* logFiles(deps, wanted.checkpoint);
  yield* policyFiles(deps, state);
  yield* partyFiles(deps, state);
  for (const lot of state.lots) yield* lotFiles(deps, state, lot, wanted);
  yield* foreignSets(deps, state);
  for (const lot of state.lots) yield* evaluationFiles(deps, lot.lot);
  yield* documentFiles(deps, project, state, wanted.checkpoint);
}

/** Number of leaves under a checkpoint (its second line). */
export const sizeOf = (checkpoint: string): bigint => BigInt(checkpoint.split('\n')[1] ?? '0');

/** Leaves up to the bundle's checkpoint, and the cosigned checkpoints before it. */
async function* logFiles({ journal }: BundleDeps, checkpoint: string): Files {
  const size = sizeOf(checkpoint);
  const lines: string[] = [];
  for (let from = 0n; from < size; ) {
    const page = await journal.entries(from, 1000);
    if (page.length === 0) throw new Error(`the log lacks entries from ${from}`);
    for (const entry of page) if (entry.index < size) lines.push(toBase64(entry.leaf));
    from = (page.at(-1)?.index ?? from) + 1n;
  }
  yield { path: at.leaves, bytes: utf8(`${lines.join('\n')}\n`) };
  yield { path: at.checkpoint, bytes: utf8(checkpoint) };
  const earlier = await journal.db.query<{ size: string; note: string; lines: string[] }>(
    `select c.size::text as size, c.note, array_agg(s.line order by s.witness) as lines from journal_checkpoint c
     join journal_cosignature s on s.size = c.size where c.size < ?::bigint group by c.size, c.note order by c.size`,
    [size.toString()],
  );
  for (const { size: at_, note, lines: cosignatures } of earlier)
    yield {
      path: at.earlierCheckpoint(BigInt(at_)),
      bytes: utf8(`${note}${cosignatures.map((line) => `${line}\n`).join('')}`),
    };
  const policy = journal.policyFile();
  if (policy.witnessed) yield { path: at.logPolicy, bytes: utf8(policy.text) };
  const bodies = await journal.db.query<{ body: string; sha256: string }>(
    `select encode(e.body, 'hex') as body, encode(sha256(e.body), 'hex') as sha256 from journal_entry e join journal_leaf l on l.entry_id = e.id
     where e.body is not null and l.log_index < ?::bigint`,
    [size.toString()],
  );
  for (const { body, sha256 } of bodies)
    yield { path: at.body(sha256), bytes: Uint8Array.from(Buffer.from(body, 'hex')) };
}

/** The policy in force at the close under the plain names, those before it under their hashes. */
async function* policyFiles({ policies, journal }: BundleDeps, state: OpeningState): Files {
  const formed = await policies.allFormed(journal.db.read(), state.id);
  const current = state.lots.find((l) => l.close)?.close?.policy ?? formed.at(-1)?.sha256;
  for (const { sha256, bytes, signatures } of formed) {
    const now = sha256 === current;
    yield { path: now ? at.policy : at.olderPolicy(sha256), bytes };
    for (const { x, p7s } of signatures)
      yield { path: now ? at.policySignature(x) : at.olderPolicySignature(sha256, x), bytes: p7s };
  }
}

/** Names of the bidders that were opened, and the certificates that signed their manifests. */
async function* partyFiles({ parties, journal }: BundleDeps, state: OpeningState): Files {
  const reader = journal.db.read();
  const results = state.lots.flatMap((l) => l.results);
  const ids = [...new Set(results.flatMap((r) => r.bidder ?? []))];
  const named = await parties.organisationsByIds(reader, ids);
  yield { path: at.organisations, bytes: canonicalBytes(named.map(({ id, name, uscc }) => ({ id, name, uscc }))) };
  for (const certSha256 of new Set(results.flatMap((r) => r.certSha256 ?? []))) {
    const found = await parties.certificate(reader, certSha256);
    if (found) yield { path: at.certificate(certSha256), bytes: found.der };
  }
}

async function* lotFiles(deps: BundleDeps, state: OpeningState, lot: LotState, wanted: Wanted): Files {
  const { journal, files, tenders } = deps;
  yield* setFiles(lot);
  const close = lot.close;
  if (!close) return;
  const acts = await tenders.actsOf(journal.db.read(), lot.lot);
  const set = parseCanonical(closeSet, await files.read(close.setSha256));
  const identity = lot.status === 'announced' ? lotIdentity(tenders.keyOf(lot.lot)) : null;
  for (const act of acts) {
    const status = set.acts.find((a) => a.index === act.opened.index)?.status;
    if (status === 'late') {
      const { manifestSha256, at: when } = act.opened.act;
      const refusal = tenders.signedRefusal(lot.lot, manifestSha256, when);
      yield { path: at.refusal(manifestSha256), bytes: refusal.document };
      yield { path: at.refusalSignature(manifestSha256), bytes: refusal.signature };
    }
    if (act.stored) yield* actFiles(deps, lot, act, { identity, full: isFull(wanted, lot.lot, act) });
  }
  for (const result of lot.results) {
    if (result.signatureSha256)
      yield { path: at.manifestSignature(result.manifestSha256), bytes: await files.read(result.signatureSha256) };
    if (result.offer) yield { path: at.offer(result.offerSha256), bytes: canonicalBytes(result.offer) };
  }
  if (wanted.level === 'audit') yield* releaseFiles(deps, state, lot);
}

/** What opens the sealed leaves of a lot: its close set, and the set of all others. */
function* setFiles({ lot, close, commitmentsSha256 }: LotState): Generator<BundleFile> {
  if (close) yield { path: at.closeSet(lot), stored: close.setSha256 };
  if (commitmentsSha256 !== null) yield { path: at.commitments(lot), stored: commitmentsSha256 };
}

/** The log is one: the sets of the other lots in it, as far as they are public, so that every sealed leaf can be accounted for. */
async function* foreignSets({ journal }: BundleDeps, state: OpeningState): Files {
  const rows = await journal.db.query<{ lot: LotState }>(
    `select lot from opening o, jsonb_array_elements(o.state -> 'lots') as lot
     where o.id <> ? and jsonb_typeof(lot -> 'commitmentsSha256') = 'string' order by o.id`,
    [state.id],
  );
  for (const { lot } of rows) yield* setFiles(lot);
}

const isFull = ({ level, handleOf }: Wanted, lot: string, act: SequencedAct): boolean =>
  level === 'audit' || (level === 'personal' && act.opened.act.handle === handleOf(lot));

/** A manifest; the signature of a withdrawal, which the lot's own identity opens; in a full bundle also what was uploaded. */
async function* actFiles(
  { files }: BundleDeps,
  lot: LotState,
  { stored }: SequencedAct,
  { identity, full }: { identity: string | null; full: boolean },
): Files {
  if (!stored) return;
  const { manifestSha256, tenderSha256, signerSha256, envelopes } = stored;
  yield { path: at.manifest(manifestSha256), bytes: fromBase64(stored.manifest) };
  if (stored.act === 'withdraw' && identity !== null)
    yield {
      path: at.manifestSignature(manifestSha256),
      bytes: await openEnvelope(await files.read(signerSha256), identity),
    };
  if (!full) return;
  yield { path: at.signer(manifestSha256), stored: signerSha256 };
  if (tenderSha256 !== null) yield { path: at.tender(manifestSha256), stored: tenderSha256 };
  for (const { x, sha256 } of envelopes) yield { path: at.envelope(manifestSha256, x), stored: sha256 };
  const key = lot.keysEnded ? lot.keys.find((k) => k.manifestSha256 === manifestSha256) : undefined;
  if (key) yield { path: at.givenKey(manifestSha256), stored: key.keySha256 };
}

async function* releaseFiles(_deps: BundleDeps, state: OpeningState, lot: LotState): Files {
  for (const { x, releaseSha256, signatureSha256 } of lot.releases) {
    yield { path: at.release(lot.lot, x), stored: releaseSha256 };
    yield { path: at.releaseSignature(lot.lot, x), stored: signatureSha256 };
  }
  if (lot !== state.lots[0]) return;
  for (const { x, policy, identitySha256 } of state.disclosed)
    yield { path: at.openingIdentity(policy, x), stored: identitySha256 };
}

/** Sheets, report and ranking, once the award is made: before it they are the committee's. */
async function* evaluationFiles({ evaluations, awards, journal }: BundleDeps, lot: string): Files {
  const reader = journal.db.read();
  if (!(await awards.state(reader, lot))?.award) return;
  const [report, sheets] = [await evaluations.report(reader, lot), await evaluations.sheets(reader, lot)];
  if (!report || !sheets) return;
  yield { path: at.report(lot), bytes: report.bytes };
  const committee = await evaluations.committee(reader, lot);
  if (committee) yield { path: at.committee(lot), bytes: committee.bytes };
  for (const { sha256, text, p7s } of sheets) {
    yield { path: at.sheet(sha256), bytes: text };
    yield { path: at.sheetSignature(sha256), bytes: p7s };
  }
}

/** Every signed PDF of the opening and its lots. */
async function* documentFiles(
  { journal, evaluations, awards }: BundleDeps,
  project: ProjectState,
  state: OpeningState,
  checkpoint: string,
): Files {
  const reader = journal.db.read();
  const subjects = [state.id, project.id, ...state.lots.map((l) => l.lot)];
  const rows = await journal.db.query<{ sha256: string; subject: string }>(
    `select distinct coalesce(e.event ->> 'pdfSha256', e.event ->> 'sha256') as sha256, e.subject from journal_entry e
     join journal_leaf l on l.entry_id = e.id where l.log_index < ?::bigint
     and e.kind = 'certificate-issued-document' and e.subject in (${subjects.map(() => '?').join(', ')})`,
    [sizeOf(checkpoint).toString(), ...subjects],
  );
  for (const { sha256 } of rows) yield { path: at.issuedDocument(sha256), stored: sha256 };
  for (const { lot } of state.lots) {
    if (!(await awards.state(reader, lot))?.award) continue;
    const pdf = (await evaluations.report(reader, lot))?.pdfSha256;
    if (pdf) yield { path: at.issuedDocument(pdf), stored: pdf };
  }
}
