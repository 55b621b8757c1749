/** Filing sealed acts: everything that costs time is checked before the short act, which judges the deadline under the lot's lock. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { identityToRecipient } from 'age-encryption';
import { sha256Hex, toBase64, utf8 } from '../formats/bytes.ts';
import { canonicalBytes } from '../formats/canonical.ts';
import { signDetached } from '../formats/cms.ts';
import { lotIdentity } from '../formats/lot-identity.ts';
import type { Manifest, SealManifest } from '../formats/manifest.ts';
import type { RefusalNote } from '../formats/refusal-note.ts';
import { handleOf, lotKey, signerTag } from '../formats/sealed-act.ts';
import { databaseNow, type Journal, type Tx } from '../journal/index.ts';
import type { Parties } from '../parties/index.ts';
import type { Caller } from '../platform/http/route.ts';
import { randomOctets } from '../platform/ids.ts';
import { commonRefusal, isRefusal, type Refusal, refuse } from '../platform/refusal.ts';
import type { RoomDeps } from '../platform/room.ts';
import type { Policies } from '../policies/index.ts';
import type { Projects } from '../projects/index.ts';
import { checkUpload } from '../sealing/index.ts';
import {
  encryptTo,
  type Filed,
  type Filing,
  firstBytes,
  nothingStored,
  organisationOf,
  readManifest,
  refuseFormat,
} from './filing.ts';
import { chainProcedure } from './procedure.ts';
import { tenderRefusal } from './refusals.ts';
import {
  type ChainCommand,
  type ChainEvent,
  type ChainFacts,
  type ChainState,
  chainId,
  type StoredTender,
} from './rules.ts';
import { tenderUploads } from './uploads.ts';

export type TenderDeps = RoomDeps<Journal> & {
  readonly parties: Parties;
  readonly policies: Policies;
  readonly projects: Projects;
};

export type TenderService = ReturnType<typeof tenderService>;

export function tenderService(deps: TenderDeps) {
  const { journal, parties, projects, policies, files } = deps;
  const uploads = tenderUploads({ journal, files, maxBytes: deps.config.uploadMaxBytes });
  const keyOf = (lot: string) => lotKey(parties.masterSecret().reveal(), lot);
  const handle = (lot: string, organisation: string) => handleOf(keyOf(lot), organisation, lot);

  /** Whether another chain of the lot holds the manifest; two who file it at once wait for each other. */
  const heldElsewhere = async (tx: Tx, lot: string, whose: string, manifestSha256: string): Promise<boolean> => {
    await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 3))', [`${lot} ${manifestSha256}`]);
    const rows = await tx.em.execute(
      `select 1 as one from tender_chain where lot = ? and id <> ?
       and state -> 'acts' @> jsonb_build_array(jsonb_build_object('manifestSha256', ?::text)) limit 1`,
      [lot, chainId(lot, whose), manifestSha256],
    );
    return rows.length > 0;
  };

  /** The lot's facts under its share lock: a change of the deadline and this act wait for each other. */
  const factsOf = async (
    tx: Tx,
    lotId: string,
    organisation: string | null,
    manifestElsewhere: boolean,
  ): Promise<ChainFacts> => {
    const found = await projects.lockLot(tx, lotId);
    if (!found) return refuse(tenderRefusal('lot-unknown'));
    const { project, lot } = found;
    const inForce = project.opening ? await policies.inForce(tx.em, project.opening) : null;
    return {
      receivedAt: await databaseNow(tx.em, deps.clock),
      lotOpen: project.status === 'published',
      deadline: project.schedule.deadline,
      questionsUntil: project.schedule.questionsUntil,
      invited: project.invited === null || organisation === null || project.invited.includes(organisation),
      manifestElsewhere,
      policyInForce: inForce?.sha256 ?? null,
      bondFen: lot.bondRequired === 'guarantee' ? lot.bondFen : null,
    };
  };
  const act = (
    lot: string,
    whose: string,
    organisation: string | null,
    command: ChainCommand,
    call: Pick<Caller, 'requestId'> & { idempotencyKey?: string | undefined; dryRun?: boolean },
  ) =>
    journal.act(chainProcedure, {
      dryRun: call.dryRun ?? false,
      subject: chainId(lot, whose),
      command,
      // The handle acts, not the person: no row may name the bidder before the opening.
      actor: whose,
      requestId: call.requestId,
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
      facts: async (tx) => {
        const manifest = command.type === 'fileTender' ? command.manifestSha256 : null;
        return factsOf(tx, lot, organisation, manifest !== null && (await heldElsewhere(tx, lot, whose, manifest)));
      },
    });

  const fileTender = async (lot: string, filing: Filing, call: Caller): Promise<Filed | Refusal> => {
    const organisation = organisationOf(call);
    const whose = handle(lot, organisation);
    const manifest = readManifest(filing.manifest, lot);
    const reader = journal.db.read();
    const found = await projects.lot(reader, lot);
    if (!found) return tenderRefusal('lot-unknown');
    const now = await journal.keep(async (tx) => tx.now);
    const earlier = await alreadyFiled(lot, whose, sha256Hex(filing.manifest));
    // Also after a crash between the act and this, the upload has served.
    const served = () => (filing.upload === null ? undefined : uploads.drop(filing.upload, lot, whose));
    if (earlier) {
      await served();
      return earlier;
    }
    const signer = await parties.verifySignature(reader, filing.manifest, filing.signature, now);
    if (signer.organisation !== organisation) return tenderRefusal('manifest-not-yours');
    // Nothing of a late tender is read or kept but its hash; the act judges the time again.
    const inTime = now < found.project.schedule.deadline;
    const command = {
      type: 'fileTender' as const,
      manifest,
      manifestSha256: sha256Hex(filing.manifest),
      signerTag: signerTag(keyOf(lot), signer.certSha256),
      formerTags: (await parties.certificateLine(reader, signer.certSha256))
        .filter((former) => former !== signer.certSha256)
        .map((former) => signerTag(keyOf(lot), former)),
    };
    if (inTime) {
      // What would be refused anyway (no bond, a gap in the chain) leaves no 500 MB in the store.
      const refused = await act(
        lot,
        whose,
        organisation,
        { ...command, stored: nothingStored(filing) },
        { requestId: call.requestId, dryRun: true },
      );
      if (isRefusal(refused)) return refused;
    }
    const stored = inTime ? await store(lot, whose, manifest, filing) : null;
    const acted = await act(
      lot,
      whose,
      organisation,
      { ...command, stored },
      // A repeated filing is known by its manifest: encrypting the signature anew makes other bytes each time.
      { requestId: call.requestId },
    );
    if (isRefusal(acted)) return (await alreadyFiled(lot, whose, sha256Hex(filing.manifest))) ?? acted;
    await served();
    return filedOf(acted.events[0], acted.entryIds[0] ?? '');
  };

  /** Begins an upload to a lot that takes tenders; whether it comes in time is judged when it is filed. */
  const beginUpload = async (lotId: string, bytes: number, call: Caller) => {
    const organisation = organisationOf(call);
    const found = await projects.lot(journal.db.read(), lotId);
    if (!found || found.project.publishedAt === null) return tenderRefusal('lot-unknown');
    const { status, invited } = found.project;
    if (status !== 'published') return tenderRefusal('lot-not-open');
    if (invited !== null && !invited.includes(organisation)) return tenderRefusal('not-invited');
    return uploads.begin(lotId, handle(lotId, organisation), bytes);
  };

  /** The answer to a filing that has been done before, so that a retry after a lost answer gives the same. */
  const alreadyFiled = async (lot: string, whose: string, manifestSha256: string): Promise<Filed | null> => {
    const [row] = await journal.db.query<{ id: string; event: ChainEvent }>(
      `select id::text as id, event from journal_entry where subject_kind = 'tender_chain' and subject = ?
       and coalesce(event -> 'act' ->> 'manifestSha256', event ->> 'manifestSha256') = ? order by version limit 1`,
      [chainId(lot, whose), manifestSha256],
    );
    return row ? filedOf(row.event, row.id) : null;
  };

  /** Checks the parts against manifest and policy and puts them into the file store. */
  const store = async (lot: string, whose: string, manifest: Manifest, filing: Filing): Promise<StoredTender> => {
    const manifestSha256 = sha256Hex(filing.manifest);
    const recipient = manifest.act === 'seal' ? manifest.recipient : await identityToRecipient(lotIdentity(keyOf(lot)));
    const base = { manifestSha256, manifest: toBase64(filing.manifest) };
    const envelopes: { x: number; sha256: string }[] = [];
    let tenderSha256: string | null = null;
    if (manifest.act === 'seal') {
      tenderSha256 = await storeTender(lot, whose, manifest, filing);
      for (const { x, bytes } of filing.envelopes) envelopes.push({ x, sha256: (await files.putBytes(bytes)).sha256 });
    }
    const signer = await files.putBytes(await encryptTo(recipient, filing.signature));
    return { ...base, signerSha256: signer.sha256, tenderSha256, envelopes };
  };

  const storeTender = async (lot: string, whose: string, manifest: SealManifest, filing: Filing): Promise<string> => {
    if (filing.upload === null) return refuse(tenderRefusal('upload-unknown'));
    const policy = await policies.bySha256(journal.db.read(), manifest.policy);
    if (!policy) return refuse(tenderRefusal('policy-not-current', { policy: null }));
    const tender = await uploads.store(await uploads.find(filing.upload, lot, whose));
    try {
      checkUpload({
        manifest,
        policy: policy.policy,
        policySha256: policy.sha256,
        envelopes: filing.envelopes,
        tender,
        header: await firstBytes(files.open(tender.sha256)),
      });
    } catch (error) {
      return refuseFormat(error);
    }
    return tender.sha256;
  };

  /** The centre's signed word about a late tender; anew from the stored act, so it can be asked for again. */
  const signedRefusal = (lot: string, manifestSha256: string, at: string) => {
    const note: RefusalNote = { type: 'yangguang.org/refusal/v1', lot, manifestSha256, code: 'deadline-passed', at };
    const document = canonicalBytes(note);
    return { document, signature: signDetached(parties.centre, document, Temporal.Instant.from(at)) };
  };

  const filedOf = (event: ChainEvent | undefined, entry: string): Filed => {
    if (event?.type === 'TenderLate') {
      const { document, signature } = signedRefusal(event.lot, event.manifestSha256, event.at);
      const refusal = { document: toBase64(document), signature: toBase64(signature) };
      return { outcome: 'late', at: event.at, seq: event.seq, manifestSha256: event.manifestSha256, entry, refusal };
    }
    if (event?.type !== 'TenderSealed' && event?.type !== 'TenderWithdrawn')
      throw new Error('an act on a tender gives one event');
    const outcome = event.type === 'TenderSealed' ? 'sealed' : 'withdrawn';
    return {
      outcome,
      at: event.at,
      seq: event.act.seq,
      manifestSha256: event.act.manifestSha256,
      entry,
      refusal: null,
    };
  };

  return {
    uploads,
    beginUpload,
    handle,
    keyOf,
    fileTender,
    signedRefusal,
    /** What a sealing program must know of a published lot. */
    showLot: async (lotId: string) => {
      const reader = journal.db.read();
      const found = await projects.lot(reader, lotId);
      if (!found || found.project.publishedAt === null) return tenderRefusal('lot-unknown');
      const { project, lot } = found;
      const inForce = await policies.inForce(reader, project.opening);
      return {
        project: project.id,
        code: project.code,
        lot: lotId,
        name: lot.name,
        opening: project.opening,
        deadline: project.schedule.deadline,
        ceilingFen: lot.ceilingFen,
        policySha256: inForce?.sha256 ?? null,
      };
    },
    /** Questions to the project's own side and the centre; others learn from their number and texts who is at work. */
    questionsOf: async (lot: string, { principal }: Caller) => {
      const found = await projects.lot(journal.db.read(), lot);
      if (!found) return tenderRefusal('lot-unknown');
      const { tenderer, agency } = found.project;
      const own = principal.organisation !== null && [tenderer, agency].includes(principal.organisation);
      const centre = principal.roles.some((role) => role === 'host' || role === 'supervisor');
      if (!own && !centre) return commonRefusal('not-permitted');
      // Without times: the second of a question beside the access log would name its author.
      return journal.db.query<{ sha256: string; text: string }>(
        'select sha256, text from tender_question where lot = ? order by sha256',
        [lot],
      );
    },
    /** A question before the deadline; its leaf does not say that it is one. */
    askQuestion: (lot: string, text: string, call: Caller) => {
      const organisation = organisationOf(call);
      const sha256 = sha256Hex(canonicalBytes({ type: 'yangguang.org/question/v1', lot, text }));
      return act(lot, handle(lot, organisation), organisation, { type: 'askQuestion', sha256, text }, call);
    },
    /** Staff record a guarantee for an organisation; the leaf hides whose and that it is one. */
    recordGuarantee: async (
      lot: string,
      deed: { organisation: string; amountFen: string; issuer: string; number: string },
      call: Caller,
    ) => {
      const bidder = await parties.organisation(journal.db.read(), deed.organisation);
      if (!bidder?.kinds.includes('bidder')) return tenderRefusal('bidder-unknown');
      // Repeating a request must give the same deed, or its idempotency key would be refused as used for another.
      const salt =
        call.idempotencyKey === undefined
          ? randomOctets(32)
          : hmac(sha256, keyOf(lot), utf8(`yangguang.org/guarantee/v1\n${call.idempotencyKey}`));
      const deedSha256 = sha256Hex(
        canonicalBytes({ type: 'yangguang.org/guarantee/v1', lot, ...deed, salt: toBase64(salt) }),
      );
      return act(
        lot,
        handle(lot, deed.organisation),
        deed.organisation,
        { type: 'recordGuarantee', amountFen: deed.amountFen, deedSha256 },
        call,
      );
    },
    /** A sealed leaf that stands for nothing, so that nobody can count tenders by counting leaves. */
    fileDecoy: (lot: string) => {
      const whose = sha256Hex(randomOctets(32));
      return act(lot, whose, null, { type: 'fileDecoy', sha256: sha256Hex(randomOctets(32)) }, { requestId: 'decoy' });
    },
    filedBefore: (lot: string, manifestSha256: string, call: Caller) =>
      alreadyFiled(lot, handle(lot, organisationOf(call)), manifestSha256),
    /** The bidder behind a handle, for tenders whose signature nobody can read; to be asked at the opening only. */
    bidderOf: async (lot: string, whose: string): Promise<string | null> => {
      const rows = await journal.db.query<{ id: string }>(
        `select id from organisation where state @> '{"kinds": ["bidder"]}'::jsonb`,
      );
      const key = keyOf(lot);
      return rows.find(({ id }) => handleOf(key, id, lot) === whose)?.id ?? null;
    },
    /** The tag of the certificate that files on a chain; for the opening. */
    tagOf: async (lot: string, whose: string): Promise<string | null> => {
      const [row] = await journal.db.query<{ state: ChainState }>('select state from tender_chain where id = ?', [
        chainId(lot, whose),
      ]);
      return row?.state.signerTag ?? null;
    },
    ownChain: async (lot: string, call: Caller): Promise<ChainState | null> => {
      const id = chainId(lot, handle(lot, organisationOf(call)));
      const [row] = await journal.db.query<{ state: ChainState }>('select state from tender_chain where id = ?', [id]);
      return row?.state ?? null;
    },
  };
}
