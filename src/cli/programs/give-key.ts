/** The bidder's side of the modes `bidder` and `bidder-then-quorum`: gives the tender's one-time key out of its kit after the close. */
import { openKit } from '../../sealing/index.ts';
import type { Client } from '../client.ts';

type OpeningView = {
  readonly mode: string;
  readonly deadline: string;
  readonly lots: readonly { readonly lot: string; readonly status: string; readonly keysUntil: string | null }[];
};
type OwnTenders = { readonly acts: readonly { readonly act: string; readonly manifestSha256: string }[] };

export type GivenKey = { readonly manifestSha256: string; readonly keysUntil: string };

/**
 * Opens the kit with its passphrase and hands in the key of the standing tender. Nothing leaves this machine unless the lot is
 * closed and its bidders are asked, also by this machine's clock; `now` is for demo and tests.
 * Throws AgeError `identity-foreign` for a wrong passphrase, Error where the kit is not of this lot's standing tender.
 */
export async function giveTenderKey(
  client: Client,
  opening: string,
  lot: string,
  kitBytes: Uint8Array,
  passphrase: string,
  now: Temporal.Instant = Temporal.Now.instant(),
): Promise<GivenKey> {
  const kit = await openKit(kitBytes, passphrase);
  if (kit.lot !== lot || kit.bidder !== client.session?.organisation)
    throw new Error('钥匙文件属于另一标段或另一单位 / the kit is of another lot or bidder');
  const view = await client.call<OpeningView>('GET', `/api/openings/${opening}`);
  const keysUntil = view.lots.find((l) => l.lot === lot)?.keysUntil;
  if (!keysUntil) throw new Error('该标段尚未截标锁定，或不由投标人解密 / the lot does not ask bidders for keys now');
  if (Temporal.Instant.compare(now, Temporal.Instant.from(view.deadline)) < 0)
    throw new Error(
      '按本机时钟尚未截标，钥匙不离开本机 / by this clock the deadline has not passed; the key stays here',
    );
  const { acts } = await client.call<OwnTenders>('GET', `/api/lots/${lot}/tenders/mine`);
  if (acts.at(-1)?.manifestSha256 !== kit.manifestSha256)
    throw new Error('钥匙文件不是最后一份投标的 / the kit is not of your latest tender');
  await client.call('POST', `/api/openings/${opening}/lots/${lot}/keys`, { identity: kit.identity });
  return { manifestSha256: kit.manifestSha256, keysUntil };
}
