/**
 * Judges a signed PDF on the reader's own device: the signature over every byte, the signer's chain, the entry that issued it, that
 * entry's place in the signed log, and what the log says against the facts inside. Loaded only when a file is dropped.
 */
import { fromHex, sha256Hex, toHex, utf8 } from '../../../../formats/bytes.ts';
import { canonicalJson } from '../../../../formats/canonical.ts';
import { checkCertificate } from '../../../../formats/certificate-check.ts';
import { certificatesFromPem } from '../../../../formats/cms.ts';
import { verifyChain } from '../../../../formats/cms-chain.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { openCheckpoint } from '../../../../formats/log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../../../../formats/log/merkle.ts';
import { parseVkey } from '../../../../formats/log/note.ts';
import { type VerifiedPdf, verifyPdf } from '../../../../formats/pdf-signature.ts';
import { type Judgement, type Step, type StepName, steps } from './judge-steps.ts';

/** What the judge asks the site for; a test gives its own. */
export type Source = { text(path: string): Promise<string>; json(path: string): Promise<unknown> };

type IssuedBody = {
  readonly pdfSha256: string;
  readonly factsSha256?: string;
  readonly kind?: string;
  readonly number?: string;
};
type Entry = {
  readonly index: string;
  readonly leaf: { readonly body: IssuedBody; readonly kind: string; readonly at: string };
};
type Found = { readonly entry: Entry; readonly root: Uint8Array; readonly size: bigint };

/** Judges a file; whatever it holds, the answer is a judgement. A source that cannot be reached makes it `unknown`, never green. */
export async function judge(pdf: Uint8Array, source: Source): Promise<Judgement> {
  const done: Step[] = [];
  let verified: VerifiedPdf | null = null;
  let found: Found | null = null;
  const work: Readonly<Record<StepName, () => Promise<string>>> = {
    signature: async () => {
      verified = verifyPdf(pdf);
      return verified.sha256;
    },
    issued: async () => {
      found = await entryOf(source, verified!);
      return `#${found.entry.index}`;
    },
    log: async () => {
      const { entry, root, size } = found!;
      const hash = leafHash(utf8(canonicalJson(entry.leaf)));
      const { path } = (await source.json(`/log/proof/inclusion?index=${entry.index}&size=${size}`)) as {
        path: string[];
      };
      verifyInclusion({
        leafHash: hash,
        index: BigInt(entry.index),
        size,
        path: path.map((node) => fromHex(node)),
        root,
      });
      return `#${entry.index} / ${size}`;
    },
    facts: async () => {
      const { pdfSha256, factsSha256 = null, kind = null, number = null } = found!.entry.leaf.body;
      const leaves = await leavesOf(source, verified!);
      const { facts } = checkCertificate(
        pdf,
        { pdfSha256, factsSha256, kind, number },
        (index) => leaves.get(index) ?? null,
      );
      return facts.number;
    },
    signer: async () => {
      const roots = certificatesFromPem(await source.text('/api/trust/roots'));
      const at = Temporal.Instant.from(found!.entry.leaf.at);
      verifyChain(verified!.certificate, verified!.intermediates, roots, at);
      return verified!.certSha256;
    },
  };
  for (const name of steps) {
    const step = await tryStep(name, work[name]);
    done.push(step);
    if (step.result !== 'passed') break;
  }
  const last = done.at(-1)!.result;
  return {
    verdict: last === 'passed' ? 'genuine' : last === 'failed' ? 'not-genuine' : 'unknown',
    steps: done,
    sha256: sha256Hex(pdf),
    index: (found as Found | null)?.entry.index ?? null,
    signedAt: (verified as VerifiedPdf | null)?.signedAt ?? null,
  };
}

async function tryStep(name: StepName, work: () => Promise<string>): Promise<Step> {
  try {
    return { name, result: 'passed', detail: await work() };
  } catch (error) {
    if (error instanceof FormatError) return { name, result: 'failed', detail: `${error.code}: ${error.message}` };
    return { name, result: 'unknown', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The entry that issued exactly this file, by the number in its facts, and the signed tree it is to be found in. */
async function entryOf(source: Source, verified: VerifiedPdf): Promise<Found> {
  const { number } = JSON.parse(new TextDecoder().decode(verified.facts ?? utf8('{}'))) as { number?: unknown };
  if (typeof number !== 'string') throw new FormatError('certificate-facts', 'the document carries no facts');
  const { certificates } = (await source.json(`/api/certificates?number=${encodeURIComponent(number)}`)) as {
    certificates: { sha256: string; journal: { index: string } | null }[];
  };
  const issued = certificates.find(({ sha256 }) => sha256 === verified.sha256);
  if (!issued) throw new FormatError('certificate-hash', `no such file was issued as ${number}`);
  if (!issued.journal) throw new Error('waits for a checkpoint');
  const key = parseVkey((await source.text('/log/vkey')).trim());
  const checkpoint = openCheckpoint(await source.text('/log/checkpoint'), key);
  const { entries } = (await source.json(`/log/entries?from=${issued.journal.index}&limit=1`)) as { entries: Entry[] };
  const [entry] = entries;
  if (entry?.leaf.body.pdfSha256 !== verified.sha256)
    throw new FormatError('certificate-hash', 'the log entry names another file');
  return { entry, root: checkpoint.root, size: checkpoint.size };
}

/** Leaf hashes of the entries on which the document rests. */
async function leavesOf(source: Source, verified: VerifiedPdf): Promise<ReadonlyMap<bigint, string>> {
  const { journal = [] } = JSON.parse(new TextDecoder().decode(verified.facts!)) as { journal?: { index: string }[] };
  const found = new Map<bigint, string>();
  for (const { index } of journal.slice(0, 200)) {
    const { entries } = (await source.json(`/log/entries?from=${BigInt(index)}&limit=1`)) as { entries: Entry[] };
    if (entries[0]) found.set(BigInt(index), toHex(leafHash(utf8(canonicalJson(entries[0].leaf)))));
  }
  return found;
}
