/** Results and announced offers: one result for each standing tender, offers as committed, nothing released and left shut. */
import { bundlePath } from '../formats/bundle.ts';
import { sha256Hex } from '../formats/bytes.ts';
import { parseCanonical } from '../formats/canonical.ts';
import type { CloseSet } from '../formats/close-set.ts';
import { FormatError } from '../formats/format-error.ts';
import { offer } from '../formats/offer.ts';
import { needed } from './bundle-reader.ts';
import { type EntryOf, type Evidence, entriesOf } from './evidence.ts';
import { NotJudged } from './verdict.ts';

/** Throws `opening-missing`, `released-not-opened`, `not-latest`, `verdict-unfounded`, `offer-commitment`, `offer-context`. */
export async function checkOpenings(evidence: Evidence): Promise<string> {
  const found: string[] = [];
  for (const lot of evidence.about.lots) {
    const set = evidence.closed.get(lot);
    if (!set) continue;
    const results = entriesOf(evidence, 'opened', lot);
    const announced = entriesOf(evidence, 'announced', lot)[0];
    requireOneEach(set, results);
    requireAll(evidence, lot, set, results, announced);
    if (announced) await requireOffers(evidence, results, announced);
    found.push(`${lot}: ${results.filter((r) => r.body.result === 'opened').length}/${results.length}`);
  }
  return `${found.join('，')}（开启/结果 opened/results）`;
}

function requireOneEach(set: CloseSet, results: readonly EntryOf<'opened'>[]): void {
  const seen = new Set<string>();
  for (const { body, index } of results) {
    const act = set.acts.find((a) => a.act.manifestSha256 === body.manifestSha256);
    if (act?.status !== 'standing')
      throw new FormatError('not-latest', `entry ${index} opens a tender that does not stand`);
    if (seen.has(body.manifestSha256))
      throw new FormatError('verdict-unfounded', `two results for ${body.manifestSha256}`);
    if ((body.result === 'invalid') !== (body.code !== null))
      throw new FormatError('verdict-unfounded', `entry ${index} gives no reason, or a reason for nothing`);
    seen.add(body.manifestSha256);
  }
}

function requireAll(
  evidence: Evidence,
  lot: string,
  set: CloseSet,
  results: readonly EntryOf<'opened'>[],
  announced: EntryOf<'announced'> | undefined,
): void {
  const released = entriesOf(evidence, 'released', lot)[0];
  if (!released && !announced && results.length === 0) return;
  const missing = set.acts.filter(
    (a) => a.status === 'standing' && !results.some((r) => r.body.manifestSha256 === a.act.manifestSha256),
  );
  if (missing.length === 0 && announced) return;
  const stalled = entriesOf(evidence, 'opening-stalled', lot);
  if (!announced && missing.some((a) => stalled.some((s) => s.body.manifestSha256 === a.act.manifestSha256)))
    throw new NotJudged(`lot ${lot}: 开启暂缓 / the opening waits for the centre or an officer`);
  if (results.length === 0) throw new FormatError('released-not-opened', `lot ${lot} was released and never opened`);
  if (missing[0])
    throw new FormatError('opening-missing', `standing tender ${missing[0].act.manifestSha256} has no result`);
  throw new FormatError('released-not-opened', `lot ${lot} was opened and never announced`);
}

/** Every opened tender's offer.json is published, is the one that its manifest commits to, and is of that bidder. */
async function requireOffers(
  evidence: Evidence,
  results: readonly EntryOf<'opened'>[],
  { body: { offers } }: EntryOf<'announced'>,
): Promise<void> {
  const opened = results.filter((r) => r.body.result === 'opened');
  if (offers.length !== opened.length) throw new FormatError('opening-missing', 'announced and opened tenders differ');
  for (const { body } of opened) {
    const read = evidence.manifests.get(body.manifestSha256)?.manifest;
    const listed = offers.find((o) => o.manifestSha256 === body.manifestSha256);
    if (!listed) throw new FormatError('opening-missing', `tender ${body.manifestSha256} was not announced`);
    if (read?.act !== 'seal' || listed.offerSha256 !== read.offerSha256 || body.offerSha256 !== read.offerSha256)
      throw new FormatError('offer-commitment', `the offer announced for ${body.manifestSha256} is not the sealed one`);
    const bytes = await needed(evidence.bundle, bundlePath.offer(read.offerSha256));
    if (sha256Hex(bytes) !== read.offerSha256)
      throw new FormatError('offer-commitment', `offers/${read.offerSha256}.json is another file`);
    const document = parseCanonical(offer, bytes);
    if (document.lot !== read.lot || document.recipient !== read.recipient || document.bidder !== body.bidder)
      throw new FormatError('offer-context', `the offer of ${body.manifestSha256} is of another bidder, lot or tender`);
    evidence.offers.set(body.manifestSha256, document);
  }
}
