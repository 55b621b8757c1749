/** The opening record (开标记录): drawn up from the state, signed by host and witness, issued as a signed PDF (TL 36). */
import { canonicalBytes, parseCanonical } from '../formats/canonical.ts';
import { type OpeningRecordFacts, openingRecordFacts } from '../formats/certificate-facts.ts';
import { closeSet } from '../formats/close-set.ts';
import type { Acted } from '../journal/index.ts';
import type { Caller } from '../platform/http/route.ts';
import { certificate } from '../platform/pdf/index.ts';
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts';
import { callOf, type OpeningContext } from './context.ts';
import { openingRecordLayout } from './opening-record-layout.ts';
import { objectionsIn } from './record-rules.ts';
import { openingRefusal } from './refusals.ts';
import { type LotState, type OpeningEvent, type OpeningState, recordSigners } from './state.ts';

type Result = Promise<Refusal | Acted<OpeningState, OpeningEvent>>;

/** Draws up the record from what has happened; host and witness sign exactly these bytes. */
export async function drawUpRecord(context: OpeningContext, opening: string, call: Caller): Result {
  const state = (await context.stateOf(opening)) ?? refuse(openingRefusal('opening-unknown'));
  if (state.record?.pdf) return openingRefusal('record-signed');
  const announced = state.lots.filter((l) => l.status === 'announced');
  if (announced.length === 0) return openingRefusal('not-announced');
  const since =
    announced
      .map((l) => l.announcedAt ?? '')
      .toSorted()
      .at(-1) ?? '';
  const now = await context.journal.keep(async (tx) => tx.now);
  const facts = openingRecordFacts.parse(await factsOf(context, state, now));
  const { sha256: factsSha256 } = await context.files.putBytes(canonicalBytes(facts));
  const objections = objectionsIn(state);
  return context.act(opening, { type: 'drawUpRecord', factsSha256, objections }, callOf(call), [
    { step: 'announcement', since },
  ]);
}

/** Takes a signature over the record; with the last one the PDF is issued. */
export async function signRecord(
  context: OpeningContext,
  opening: string,
  signature: Uint8Array,
  call: Caller,
): Result {
  const state = (await context.stateOf(opening)) ?? refuse(openingRefusal('opening-unknown'));
  if (!state.record) return openingRefusal('record-not-ready');
  const { journal, parties, files } = context;
  const now = await journal.keep(async (tx) => tx.now);
  const bytes = await files.read(state.record.factsSha256);
  const signer = await parties.verifySignature(journal.db.read(), bytes, signature, now);
  const role = recordSigners.find((r) => signer.roles.includes(r));
  if (!role || signer.person !== call.principal.person) return openingRefusal('not-an-officer');
  // The witness who stood by, not any witness.
  const onDuty = await context.witness.peopleOf(journal.db.read(), opening);
  if (role === 'witness' && onDuty.length > 0 && !onDuty.includes(signer.person))
    return openingRefusal('witness-not-on-duty');
  const { sha256: signatureSha256 } = await files.putBytes(signature);
  const signed = await context.act(
    opening,
    { type: 'signRecord', factsSha256: state.record.factsSha256, role, person: signer.person, signatureSha256 },
    callOf(call),
  );
  if (isRefusal(signed) || signed.state.record?.signatures.length !== recordSigners.length) return signed;
  return issueRecord(context, signed.state);
}

/** Makes the PDF outside the transaction, then a short act that names its hash. Repeating it gives the same file. */
export async function issueRecord(context: OpeningContext, state: OpeningState): Result {
  const { record } = state;
  if (!record || record.signatures.length < recordSigners.length) return openingRefusal('record-not-ready');
  const { files, parties } = context;
  const drawn = parseCanonical(openingRecordFacts, await files.read(record.factsSha256));
  const signatures: OpeningRecordFacts['signatures'] = [];
  for (const { role, person, at } of record.signatures) {
    const found = await parties.person(context.journal.db.read(), person);
    const certSha256 = await signerOf(context, record.factsSha256, role, state);
    signatures.push({ role, name: found?.name ?? person, certSha256, at });
  }
  const issued = await certificate(
    openingRecordLayout,
    { ...drawn, issuedAt: signatures.at(-1)?.at ?? drawn.issuedAt, signatures },
    parties.centre,
  );
  await files.putBytes(issued.pdf);
  await files.putBytes(issued.facts);
  return context.act(
    state.id,
    { type: 'issueRecord', pdfSha256: issued.sha256, factsSha256: issued.factsSha256, number: drawn.number },
    context.system,
  );
}

async function signerOf(
  context: OpeningContext,
  factsSha256: string,
  role: string,
  state: OpeningState,
): Promise<string> {
  const signature = state.record?.signatures.find((s) => s.role === role);
  if (!signature) throw new Error(`the record lacks the signature of ${role}`);
  const { files, parties, journal } = context;
  const verified = await parties.verifySignature(
    journal.db.read(),
    await files.read(factsSha256),
    await files.read(signature.signatureSha256),
    signature.at,
  );
  return verified.certSha256;
}

async function factsOf(context: OpeningContext, state: OpeningState, now: string): Promise<OpeningRecordFacts> {
  const { journal, projects, parties } = context;
  const project =
    (await projects.project(journal.db.read(), state.project)) ?? refuse(openingRefusal('opening-unknown'));
  // A lot that was terminated before its close has nothing to record.
  const closed = state.lots.filter((l) => l.close !== null);
  const announced = closed.filter((l) => l.status === 'announced');
  const nameOf = (id: string) => project.lots.find((l) => l.id === id)?.name ?? id;
  return {
    type: 'yangguang.org/certificate/v1',
    kind: 'opening-record',
    number: `${project.code}-KB`,
    project: { id: project.id, code: project.code, name: project.name },
    lots: closed.map((l) => ({ id: l.lot, name: nameOf(l.lot) })),
    issuer: parties.centreName(),
    issuedAt: now,
    checkUrl: `${context.origin()}/check`,
    journal: await referencesOf(context, state, closed),
    opening: state.id,
    place: project.schedule.openingRoom ?? '',
    mode: state.mode,
    deadline: state.barrier?.deadline ?? state.deadline,
    closes: await Promise.all(closed.map((lot) => closeOf(context, lot))),
    ceilings: project.lots.flatMap((l) => (l.ceilingFen === null ? [] : [{ lot: l.id, ceilingFen: l.ceilingFen }])),
    officers: (await Promise.all(announced.map((lot) => officersOf(context, lot)))).flat(),
    tenders: await tendersOf(context, announced),
    objections: await objectionsOf(context, announced),
    signatures: [],
  };
}

async function closeOf({ files }: OpeningContext, lot: LotState): Promise<OpeningRecordFacts['closes'][number]> {
  const { close, status, announcedAt } = lot;
  if (!close || (status !== 'announced' && status !== 'failed' && status !== 'terminated'))
    return refuse(openingRefusal('not-announced', { lot: lot.lot }));
  const notStanding = { superseded: 0, withdrawn: 0, late: 0 };
  const set = parseCanonical(closeSet, await files.read(close.setSha256));
  for (const act of set.acts) if (act.status !== 'standing') notStanding[act.status] += 1;
  return {
    lot: lot.lot,
    outcome: status,
    setSha256: close.setSha256,
    policySha256: close.policy,
    standing: close.standing.length,
    notStanding,
    closedAt: close.at,
    releasedAt: status === 'announced' ? (lot.releasedAt ?? lot.keysUntil) : null,
    announcedAt,
  };
}

async function referencesOf(context: OpeningContext, state: OpeningState, lots: readonly LotState[]) {
  const kinds = [['BarrierRaised', 'barrier']] as const;
  const perLot = [
    ['LotClosed', 'close'],
    ['LotReleased', 'released'],
    ['LotFailed', 'failed'],
    ['OffersAnnounced', 'announced'],
  ] as const;
  const has = (lot: LotState, type: (typeof perLot)[number][0]) =>
    type === 'LotClosed' ||
    (type === 'LotReleased' && lot.releasedAt !== null) ||
    (type === 'LotFailed' && lot.status === 'failed') ||
    (type === 'OffersAnnounced' && lot.announcedAt !== null);
  const references: OpeningRecordFacts['journal'] = [];
  const add = async (type: OpeningEvent['type'], kind: string, lot?: string) => {
    const entry = await context.entryOf(state.id, type, lot);
    await context.journal.whenSequenced(entry);
    const place = await context.journal.indexOf(context.journal.db.read(), entry);
    if (place) references.push({ index: place.index.toString(), leafSha256: place.leafSha256, kind });
  };
  for (const [type, kind] of kinds) await add(type, kind);
  for (const lot of lots) for (const [type, kind] of perLot) if (has(lot, type)) await add(type, kind, lot.lot);
  return references;
}

async function officersOf(context: OpeningContext, lot: LotState): Promise<OpeningRecordFacts['officers']> {
  const reader = context.journal.db.read();
  const policy = await context.policies.bySha256(reader, lot.close?.policy ?? '');
  const officers: OpeningRecordFacts['officers'] = [];
  for (const { x, role, certSha256 } of policy?.policy.officers ?? []) {
    const holder = await context.parties.certificate(reader, certSha256);
    const person = holder && (await context.parties.person(reader, holder.person));
    const release = lot.releases.find((r) => r.x === x);
    officers.push({
      lot: lot.lot,
      x,
      role,
      name: person?.name ?? certSha256.slice(0, 16),
      releasedAt: release?.at ?? null,
    });
  }
  return officers;
}

async function tendersOf(context: OpeningContext, lots: readonly LotState[]): Promise<OpeningRecordFacts['tenders']> {
  const reader = context.journal.db.read();
  const tenders: OpeningRecordFacts['tenders'] = [];
  for (const lot of lots)
    for (const { manifestSha256, bidder, result, code, offer } of lot.results) {
      const organisation = bidder === null ? null : await context.parties.organisation(reader, bidder);
      tenders.push({
        lot: lot.lot,
        manifestSha256,
        organisation: organisation
          ? { id: organisation.id, name: organisation.name, uscc: organisation.uscc }
          : { id: bidder ?? 'unknown', name: '身份未能读出', uscc: '' },
        result,
        code,
        priceFen: offer?.priceFen ?? null,
        durationDays: offer?.durationDays ?? null,
        quality: offer?.quality ?? null,
        manager: offer?.manager ?? null,
      });
    }
  return tenders;
}

async function objectionsOf(
  context: OpeningContext,
  lots: readonly LotState[],
): Promise<OpeningRecordFacts['objections']> {
  const reader = context.journal.db.read();
  const objections: OpeningRecordFacts['objections'] = [];
  for (const lot of lots)
    for (const { at, manifestSha256, text, answer } of lot.objections) {
      const bidder = lot.results.find((r) => r.manifestSha256 === manifestSha256)?.bidder ?? '';
      const organisation = await context.parties.organisation(reader, bidder);
      objections.push({ at, organisation: organisation?.name ?? bidder, text, answer: answer?.text ?? '' });
    }
  return objections;
}
