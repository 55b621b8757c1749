/**
 * A whole legitimate bundle without a server: five bidders, one of them withdrawn and one late, a question and a decoy, three
 * releases, offers, sheets, ranking, award and a signed opening record. Hooks change one thing at the moment when an insider
 * could; everything that follows (hashes, log, checkpoint, cosignatures) is made anew from the change.
 */
import { rank } from '../../evaluation/rank.ts';
import { evaluationScheme } from '../../evaluation/scheme.ts';
import { bundlePath as at, type BundleLevel } from '../../src/formats/bundle.ts';
import { sha256Hex, toBase64, toHex, utf8 } from '../../src/formats/bytes.ts';
import { canonicalBytes } from '../../src/formats/canonical.ts';
import type { OpeningRecordFacts } from '../../src/formats/certificate-facts.ts';
import { type CloseSet, type CommitmentSet, statusesOf } from '../../src/formats/close-set.ts';
import { certificateToPem, type SigningKey, signDetached } from '../../src/formats/cms.ts';
import { type EvaluationReport, rankInputOf, rankingHash } from '../../src/formats/evaluation-report.ts';
import type { KeyRelease } from '../../src/formats/key-release.ts';
import { leafHash, treeRoot } from '../../src/formats/log/merkle.ts';
import { formatVkey } from '../../src/formats/log/note.ts';
import { formatTlogProof } from '../../src/formats/log/tlog-proof.ts';
import type { OpeningPolicy } from '../../src/formats/opening-policy.ts';
import { expertCommitment, type ScoreSheet } from '../../src/formats/score-sheet.ts';
import type { SealedAct } from '../../src/formats/sealed-act.ts';
import type { TrustFile } from '../../src/formats/trust.ts';
import { openingRecordLayout } from '../../src/openings/opening-record-layout.ts';
import { certificate } from '../../src/platform/pdf/index.ts';
import { openShare, sealEnvelope } from '../../src/sealing/index.ts';
import { actOf, bidders, centre, clock, experts, type Filed, filings, kLot, lot, opening } from './bundle-filings.ts';
import { checkpointOf, logSigner, saltOf, TestLog, witnessPolicy } from './bundle-log.ts';
import { certOf, now, officers, roots, type Sealed, type World, world } from './sealing-world.ts';

export { bidders, centre, type Filed, filings, lot, refile, withdrawal } from './bundle-filings.ts';

/** RSA and PDFs are slow in JavaScript; what is signed again unchanged keeps its signature. */
const signatures = new Map<string, Uint8Array>();
function signed(key: SigningKey, bytes: Uint8Array): Uint8Array {
  const name = `${certOf(key)} ${sha256Hex(bytes)}`;
  const made = signatures.get(name) ?? signDetached(key, bytes, now);
  signatures.set(name, made);
  return made;
}
const records = new Map<string, ReturnType<typeof certificate>>();
function recorded(facts: OpeningRecordFacts): ReturnType<typeof certificate> {
  const name = sha256Hex(canonicalBytes(facts));
  const made = records.get(name) ?? certificate(openingRecordLayout, facts, centre);
  records.set(name, made);
  return made;
}

type Files = Map<string, Uint8Array>;
type Maybe<T> = T | Promise<T>;
export type Hooks = {
  readonly level?: BundleLevel;
  /** What the insider puts in place of the policy; the officers' signatures stay those of the true one. */
  policy?(policy: OpeningPolicy): OpeningPolicy;
  filings?(filings: readonly Filed[]): Maybe<readonly Filed[]>;
  /** The act that is logged for a filing. */
  act?(act: SealedAct, filed: Filed): SealedAct;
  /** Body and time of an open entry; null leaves it out. */
  entry?(kind: string, body: Record<string, unknown>, time: string): { body: unknown; time: string } | null;
  /** Leaves that are added right before. */
  before?(kind: 'filings' | 'barrier' | 'close' | 'key-released' | 'end', log: TestLog): void;
  closeSet?(set: CloseSet): CloseSet;
  commitments?(set: CommitmentSet): CommitmentSet;
  /** Re-signed by the officer. */
  release?(release: KeyRelease): KeyRelease;
  sheet?(sheet: ScoreSheet): ScoreSheet;
  /** Hash in the log and what members sign follow. */
  report?(report: EvaluationReport): EvaluationReport;
  facts?(facts: OpeningRecordFacts): OpeningRecordFacts;
  /** Signs the final checkpoint. */
  checkpoint?(leaves: readonly Uint8Array[]): string;
  /** Last of all: files are changed and nothing is signed anew. */
  files?(files: Files, log: TestLog): void;
};

export const trust: TrustFile = {
  type: 'yangguang.org/trust/v1',
  logVkey: formatVkey(logSigner.key),
  caRoots: roots.map(certificateToPem),
  witnessPolicy,
  pinnedCheckpoint: null,
};

export type Built = {
  readonly files: Files;
  readonly log: TestLog;
  readonly indexes: ReadonlyMap<string, number>;
  readonly standing: readonly Filed[];
  readonly filed: readonly Filed[];
};

/** Builds the bundle; without hooks a valid one. */
export async function buildBundle(hooks: Hooks = {}): Promise<Built> {
  const bundle = new Builder(hooks);
  await bundle.begin();
  await bundle.fileActs();
  bundle.close();
  await bundle.open();
  bundle.announce();
  await bundle.evaluate();
  await bundle.record();
  return bundle.finish();
}

class Builder {
  readonly hooks: Hooks;
  readonly files: Files = new Map();
  readonly log = new TestLog();
  readonly indexes = new Map<string, number>();
  readonly policy: World;
  filed: readonly Filed[] = [];
  acts: { filed: Filed; act: SealedAct; index: number }[] = [];
  standing: Filed[] = [];
  checkpoint = '';

  constructor(hooks: Hooks) {
    this.hooks = hooks;
    const swapped = hooks.policy ? canonicalBytes(hooks.policy(world.policy)) : null;
    this.policy = swapped ? { ...world, bytes: swapped, sha256: sha256Hex(swapped) } : world;
  }

  entry(kind: string, body: Record<string, unknown>, time: string, name = kind): void {
    const full = time.includes('T') ? time : clock(time);
    const kept = this.hooks.entry ? this.hooks.entry(kind, body, full) : { body, time: full };
    if (kept) this.indexes.set(name, this.log.open(kind, kept.body, kept.time, lot));
  }

  async begin(): Promise<void> {
    const { policy, files } = this;
    const issued = [...Object.entries(bidders), ...experts.map((key) => [null, key] as const), [null, centre] as const];
    for (const [organisation, key] of issued)
      this.entry(
        'certificate-issued',
        { certSha256: certOf(key), serial: '01', organisation, person: 'person-1', issuer: 'platform', follows: null },
        '2026-11-01T00:00:00.000000Z',
      );
    this.entry('project-published', { project: 'project-1', lots: [{ id: lot }] }, '2026-11-18T00:00:00.000000Z');
    this.entry(
      'policy-formed',
      { opening, policySha256: policy.sha256, lots: [lot], deadline: policy.policy.deadline },
      '2026-11-20T02:00:00.000000Z',
    );
    const { deadline } = policy.policy;
    this.entry(
      'opening-scheduled',
      { opening, project: 'project-1', lots: [lot], deadline },
      '2026-11-20T02:00:01.000000Z',
    );
    files.set(at.policy, policy.bytes);
    for (const [i, p7s] of policy.signatures.entries()) files.set(at.policySignature(i + 1), p7s);
  }

  async fileActs(): Promise<void> {
    const { hooks, files, log } = this;
    hooks.before?.('filings', log);
    this.filed = (await hooks.filings?.(filings)) ?? filings;
    for (const filed of this.filed) {
      const { kind, manifestSha256 } = filed;
      const honest = actOf(filed);
      const act = hooks.act?.(honest, filed) ?? honest;
      this.acts.push({ filed, act, index: log.sealed(act) });
      if (kind === 'tender-sealed' || kind === 'tender-withdrawn')
        files.set(at.manifest(manifestSha256), filed.manifestBytes);
      if (kind === 'tender-withdrawn') files.set(at.manifestSignature(manifestSha256), filed.p7s);
    }
    hooks.before?.('barrier', log);
    this.entry('barrier', { deadline: world.policy.deadline, lots: [lot] }, '01:00:05');
  }

  close(): void {
    const { hooks, files, log, acts } = this;
    const statuses = statusesOf(acts.map((a) => a.act));
    const honest: CloseSet = {
      type: 'yangguang.org/close-set/v1',
      lot,
      policy: this.policy.sha256,
      acts: acts.flatMap(({ act, index }, i) => {
        const status = statuses[i];
        return status ? [{ index, salt: toHex(saltOf(index)), act, status }] : [];
      }),
    };
    hooks.before?.('close', log);
    const set = hooks.closeSet?.(honest) ?? honest;
    const bytes = canonicalBytes(set);
    const standing = set.acts.filter((a) => a.status === 'standing').map((a) => a.act.manifestSha256);
    this.standing = this.filed.filter((f) => standing.includes(f.manifestSha256));
    const body = {
      lot,
      setSha256: sha256Hex(bytes),
      policy: set.policy,
      barrier: this.indexes.get('barrier') ?? 0,
      acts: set.acts.length,
      standing: standing.length,
    };
    this.entry('close', body, '01:00:10');
    files.set(at.closeSet(lot), bytes);
    const others: CommitmentSet = {
      type: 'yangguang.org/commitment-set/v1',
      lot,
      acts: acts.flatMap(({ act, index }, i) => (statuses[i] ? [] : [{ index, salt: toHex(saltOf(index)), act }])),
    };
    files.set(at.commitments(lot), canonicalBytes(hooks.commitments?.(others) ?? others));
  }

  async open(): Promise<void> {
    const { hooks, files, log } = this;
    hooks.before?.('key-released', log);
    this.checkpoint = checkpointOf(log.leaves, clock('01:00:20'));
    files.set(at.earlierCheckpoint(log.leaves.length), utf8(this.checkpoint));
    for (const x of [1, 2, 3]) await this.release(x);
    this.entry('released', { opening, lot }, '01:02:10');
    for (const { manifestSha256, sealed, bidder: who, key, p7s } of this.standing) {
      const { offerSha256, recipient } = (sealed as Sealed).manifest;
      this.entry(
        'opened',
        { lot, manifestSha256, result: 'opened', code: null, offerSha256, bidder: who, certSha256: certOf(key) },
        '01:03:00',
        `opened ${who}`,
      );
      files.set(at.manifestSignature(manifestSha256), p7s);
      files.set(at.offer(offerSha256), (sealed as Sealed).offerBytes);
      files.set(at.signer(manifestSha256), await sealEnvelope(p7s, recipient));
      files.set(at.tender(manifestSha256), (sealed as Sealed).tenderBytes);
      for (const { x, bytes } of (sealed as Sealed).envelopes) files.set(at.envelope(manifestSha256, x), bytes);
    }
  }

  async release(x: number): Promise<void> {
    const officer = officers[x - 1]!;
    const items: KeyRelease['items'] = [];
    for (const { manifestSha256, sealed } of this.standing) {
      const envelope = sealed!.envelopes.find((e) => e.x === x)?.bytes ?? null;
      items.push({
        manifestSha256,
        ...(await openShare({ manifest: sealed!.manifest, x }, envelope, officer.identity)),
      });
    }
    const closeIndex = this.indexes.get('close') ?? 0;
    const closeLeafSha256 = toHex(leafHash(this.log.leaves[closeIndex]!));
    const honest: KeyRelease = {
      type: 'yangguang.org/key-release/v1',
      opening,
      lot,
      x,
      closeIndex,
      closeLeafSha256,
      checkpoint: this.checkpoint,
      clientSha256: null,
      items,
    };
    const bytes = canonicalBytes(this.hooks.release?.(honest) ?? honest);
    this.entry(
      'key-released',
      { opening, lot, x, releaseSha256: sha256Hex(bytes) },
      `01:01:0${x}`,
      `key-released ${x}`,
    );
    this.files.set(at.release(lot, x), bytes);
    this.files.set(at.releaseSignature(lot, x), signed(officer.key, bytes));
  }

  announce(): void {
    const offers = this.standing.map(({ manifestSha256, sealed }) => ({
      manifestSha256,
      offerSha256: sealed!.manifest.offerSha256,
    }));
    const commitmentsSha256 = sha256Hex(this.files.get(at.commitments(lot))!);
    this.entry('announced', { lot, lotKey: toHex(kLot), commitmentsSha256, offers }, '01:05:00');
  }

  lockSheets(schemeSha256: string, offers: readonly string[]) {
    const { files, hooks } = this;
    const sheets: ScoreSheet[] = [];
    const committee: EvaluationReport['committee'] = [];
    for (const [i, key] of experts.entries()) {
      const seat = i + 1;
      const expert = expertCommitment(`expert-${seat}`, sha256Hex(utf8(`salt ${seat}`)));
      const honest: ScoreSheet = {
        type: 'yangguang.org/score-sheet/v1',
        suite: 'YG1',
        lot,
        schemeSha256,
        expert,
        revision: 1,
        prev: null,
        marks: offers.map((offer, n) => ({
          offer,
          criterion: 'T1',
          mark: String(30 + n),
        })),
        remarks: [],
        claimedAt: clock('02:00:00'),
        salt: sha256Hex(utf8(`sheet ${seat}`)),
      };
      const sheet = hooks.sheet?.(honest) ?? honest;
      const bytes = canonicalBytes(sheet);
      const p7s = signed(key, bytes);
      const [sheetSha256, signatureSha256] = [sha256Hex(bytes), sha256Hex(p7s)];
      files.set(at.sheet(sheetSha256), bytes);
      files.set(at.sheetSignature(sheetSha256), p7s);
      this.entry(
        'sheet-locked',
        { lot, seat, sheetSha256, signatureSha256, revision: 1 },
        '02:30:00',
        `sheet-locked ${seat}`,
      );
      sheets.push(sheet);
      committee.push({ seat, expert, kind: 'expert', sheetSha256, signatureSha256 });
    }
    return { sheets, committee };
  }

  async evaluate(): Promise<void> {
    const { files, hooks } = this;
    const scheme = evaluationScheme.parse({
      method: 'trimmed-average',
      params: { full: '60' },
      criteria: [{ id: 'T1', part: 'technical', name: { zh: '施工组织', en: 'Method' }, max: '40', step: '0.5' }],
    });
    const schemeSha256 = sha256Hex(canonicalBytes(scheme));
    const offers = this.standing
      .map(({ manifestSha256, sealed, bidder: organisation }) => ({
        manifestSha256,
        organisation: organisation as string,
        priceFen: String(JSON.parse(new TextDecoder().decode(sealed!.offerBytes)).priceFen),
      }))
      .sort((a, b) => (a.manifestSha256 < b.manifestSha256 ? -1 : 1));
    const { sheets, committee } = this.lockSheets(
      schemeSha256,
      offers.map((o) => o.manifestSha256),
    );
    const ranked = { scheme, ceilingFen: null, reviewed: [], drawn: {}, tieOrder: [] };
    const ranking = rank(rankInputOf(ranked, offers, sheets));
    const organisations = new Map(offers.map((o) => [o.manifestSha256, o.organisation]));
    const honest: EvaluationReport = {
      type: 'yangguang.org/evaluation-report/v1',
      suite: 'YG1',
      project: 'project-1',
      lot,
      opening,
      ...ranked,
      schemeSha256,
      committee,
      offers,
      method: ranking.method,
      benchmark: ranking.benchmark,
      ranking: ranking.ranking.map(({ id, rank: place, priceFen, total, priceScore }) => ({
        rank: place,
        manifestSha256: id,
        organisation: organisations.get(id)!,
        priceFen,
        total,
        priceScore,
      })),
      rejected: [],
      candidates: [...ranking.candidates],
      rankingSha256: rankingHash(ranking),
      draftedAt: clock('03:00:00'),
    };
    const report = hooks.report?.(honest) ?? honest;
    const bytes = canonicalBytes(report);
    files.set(at.report(lot), bytes);
    this.entry('ranking-computed', { lot, rankingSha256: report.rankingSha256 }, '02:50:00');
    this.entry(
      'evaluation-finished',
      { lot, reportSha256: sha256Hex(bytes), pdfSha256: sha256Hex(utf8('no pdf')), silent: [] },
      '03:30:00',
    );
    const [winner] = report.ranking;
    this.entry(
      'awarded',
      {
        lot,
        manifestSha256: winner!.manifestSha256,
        organisation: winner!.organisation,
        priceFen: winner!.priceFen,
        contractBy: '2026-12-31',
      },
      '2026-11-28T00:00:00.000000Z',
    );
  }

  async record(): Promise<void> {
    const closeIndex = this.indexes.get('close') ?? 0;
    const honest: OpeningRecordFacts = {
      type: 'yangguang.org/certificate/v1',
      kind: 'opening-record',
      number: 'ZS-2026-GC-0001-KB',
      project: { id: 'project-1', code: 'ZS-2026-GC-0001', name: '滨江大道改造' },
      lots: [{ id: lot, name: '一标段' }],
      issuer: '江城市公共资源交易中心',
      issuedAt: clock('01:30:00'),
      checkUrl: 'https://ggzy.example/check',
      journal: [
        { index: String(closeIndex), leafSha256: toHex(leafHash(this.log.leaves[closeIndex]!)), kind: 'close' },
      ],
      opening,
      place: '第二开标室',
      mode: 'quorum',
      deadline: world.policy.deadline,
      closes: [this.closeFacts()],
      ceilings: [],
      officers: [],
      tenders: this.standing.map(({ manifestSha256, bidder: id, sealed }) => ({
        lot,
        manifestSha256,
        organisation: { id, name: id, uscc: '' },
        result: 'opened',
        code: null,
        priceFen: String(JSON.parse(new TextDecoder().decode(sealed!.offerBytes)).priceFen),
        durationDays: 300,
        quality: '合格',
        manager: '张三',
      })),
      objections: [],
      signatures: [],
    };
    const made = await recorded(this.hooks.facts?.(honest) ?? honest);
    this.files.set(at.issuedDocument(made.sha256), made.pdf);
    this.entry(
      'certificate-issued-document',
      { kind: 'opening-record', number: honest.number, pdfSha256: made.sha256, factsSha256: made.factsSha256 },
      '2026-11-28T01:00:00.000000Z',
    );
  }

  closeFacts(): OpeningRecordFacts['closes'][number] {
    const bytes = this.files.get(at.closeSet(lot))!;
    const { acts, policy } = JSON.parse(new TextDecoder().decode(bytes)) as CloseSet;
    const count = (status: string) => acts.filter((a) => a.status === status).length;
    return {
      lot,
      outcome: 'announced',
      setSha256: sha256Hex(bytes),
      policySha256: policy,
      standing: count('standing'),
      notStanding: { superseded: count('superseded'), withdrawn: count('withdrawn'), late: count('late') },
      closedAt: clock('01:00:10'),
      releasedAt: clock('01:02:10'),
      announcedAt: clock('01:05:00'),
    };
  }

  finish(): Built {
    const { hooks, files, log } = this;
    hooks.before?.('end', log);
    const level = hooks.level ?? 'audit';
    files.set(
      at.description,
      canonicalBytes({ type: 'yangguang.org/bundle/v1', level, project: 'project-1', opening, lots: [lot] }),
    );
    files.set(at.leaves, utf8(log.leaves.map((leaf) => `${toBase64(leaf)}\n`).join('')));
    files.set(at.checkpoint, utf8(hooks.checkpoint?.(log.leaves) ?? checkpointOf(log.leaves, '2026-11-28T02:00:00Z')));
    if (level === 'public')
      for (const path of files.keys()) if (/^(tenders|envelopes|signers|releases)\//.test(path)) files.delete(path);
    hooks.files?.(files, log);
    return { files, log, indexes: this.indexes, standing: this.standing, filed: this.filed };
  }
}

/** Audit path of RFC 6962 2.1.1. */
function pathOf(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (hashes.length <= 1) return [];
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return index < k
    ? [...pathOf(hashes.slice(0, k), index), treeRoot(hashes.slice(k))]
    : [...pathOf(hashes.slice(k), index - k), treeRoot(hashes.slice(0, k))];
}

/** The receipt that the bidder got for a filing: of the act as honestly logged. */
export function receiptOf({ leaves }: TestLog, index: number, filed: Filed): string {
  const extra = canonicalBytes({ act: actOf(filed), salt: toHex(saltOf(index)) });
  const path = pathOf(leaves.map(leafHash), index);
  return formatTlogProof({ extra, index: BigInt(index), path, checkpoint: checkpointOf(leaves, clock('01:00:04')) });
}
