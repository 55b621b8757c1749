/** The whole witness record of a project as a signed PDF: made outside the transaction, an act then commits to its hash. */
import { parseCanonical } from '../formats/canonical.ts';
import type { JournalReference, WitnessRecordFacts } from '../formats/certificate-facts.ts';
import type { SigningKey } from '../formats/cms.ts';
import { witnessRecord } from '../formats/witness-record.ts';
import type { Journal, Reader } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { FileStore } from '../platform/files.ts';
import { certificate, type IssuedCertificate, PdfError } from '../platform/pdf/index.ts';
import type { Refusal } from '../platform/refusal.ts';
import { drawable } from './photos.ts';
import { witnessRefusal } from './refusals.ts';
import type { SignedRecord, WitnessState } from './state.ts';
import { witnessRecordLayout } from './witness-record-layout.ts';

export type DocumentDeps = {
  readonly journal: Journal;
  readonly files: FileStore;
  readonly origin: () => string;
  readonly parties: {
    person(reader: Reader, id: string): Promise<{ readonly name: string } | null>;
    readonly centre: SigningKey;
    centreName(): string;
  };
};
export type DocumentPlace = {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly lots: readonly { readonly id: string; readonly name: string }[];
};
export type WitnessDocument = IssuedCertificate & { readonly number: string };

/** Photographs beyond this stay outside the page and are named by their hash. */
const photoBytesOnPage = 24 * 1024 * 1024;

/** Draws, signs and stores the document of all `states` of a project; refuses a character that no font has. */
export async function makeWitnessDocument(
  deps: DocumentDeps,
  place: DocumentPlace,
  states: readonly WitnessState[],
  issuedAt: string,
): Promise<WitnessDocument | Refusal> {
  const earlier = states.reduce((sum, state) => sum + state.documents.length, 0);
  const number = `${place.code}-JZ${earlier > 0 ? `-${earlier + 1}` : ''}`;
  const records = states.flatMap((state) => state.records).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const steps: WitnessRecordFacts['steps'] = [];
  for (const record of records) steps.push(await stepOf(deps, record));
  const facts: WitnessRecordFacts = {
    type: 'yangguang.org/certificate/v1',
    kind: 'witness-record',
    number,
    project: { id: place.id, code: place.code, name: place.name },
    lots: place.lots.map(({ id, name }) => ({ id, name })),
    issuer: deps.parties.centreName(),
    issuedAt,
    checkUrl: `${deps.origin()}/check/${encodeURIComponent(number)}`,
    journal: await references(deps.journal, states),
    steps,
  };
  try {
    const document = await drawn(facts, await photosOf(deps.files, steps), deps.parties.centre);
    await deps.files.putBytes(document.pdf);
    return { ...document, number };
  } catch (error) {
    if (error instanceof PdfError && error.code === 'glyph-missing')
      return witnessRefusal('glyph-missing', { character: error.detail });
    throw error;
  }
}

/** A photo whose first octets are right may still be broken inside; the document is then made with its hash alone. */
async function drawn(
  facts: WitnessRecordFacts,
  photos: ReadonlyMap<string, Uint8Array>,
  key: SigningKey,
): Promise<IssuedCertificate> {
  try {
    return await certificate(witnessRecordLayout(photos), facts, key);
  } catch (error) {
    if (error instanceof PdfError || photos.size === 0) throw error;
    return certificate(witnessRecordLayout(new Map()), facts, key);
  }
}

async function stepOf(
  { files, journal, parties }: DocumentDeps,
  signed: SignedRecord,
): Promise<WitnessRecordFacts['steps'][number]> {
  const record = parseCanonical(witnessRecord, await files.read(signed.sha256));
  const person = await parties.person(journal.db.read(), signed.person);
  const { subjectKind, subject, step, seq, checked, found, refused, note, photos, stops } = record;
  return {
    ...{ subjectKind, subject, step, seq, checked, found, refused, note, photos, stops },
    recordSha256: signed.sha256,
    witness: { name: person?.name ?? signed.person, certSha256: signed.certSha256 },
    recordedAt: signed.at,
  };
}

async function photosOf(
  files: FileStore,
  steps: WitnessRecordFacts['steps'],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const kept = new Map<string, Uint8Array>();
  let room = photoBytesOnPage;
  for (const photo of steps.flatMap((step) => step.photos)) {
    if (kept.has(photo.sha256) || photo.bytes > room) continue;
    const bytes = await files.read(photo.sha256);
    if (!drawable(bytes)) continue;
    kept.set(photo.sha256, bytes);
    room -= photo.bytes;
  }
  return kept;
}

/** The entries of the signed records, waiting until each has its place in the log. */
async function references(journal: Journal, states: readonly WitnessState[]): Promise<JournalReference[]> {
  const found: JournalReference[] = [];
  for (const { id } of states) {
    const rows = await journal.db.query<Row>(
      `select id::text as id, kind from journal_entry
       where subject_kind = 'witness_record' and subject = ? and kind = 'witness-recorded' order by ordinal limit 200`,
      [id],
    );
    for (const row of rows) {
      await journal.whenSequenced(String(row.id));
      const place = await journal.indexOf(journal.db.read(), String(row.id));
      if (place) found.push({ index: String(place.index), leafSha256: place.leafSha256, kind: String(row.kind) });
    }
  }
  return found.toSorted((a, b) => Number(BigInt(a.index) - BigInt(b.index))).slice(0, 200);
}
