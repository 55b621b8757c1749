/** The ladder: offers as dots on one axis, ceiling as red line, average as sun line, all with words. */
import { tenThousands } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { axisOf, meanFen, type Offer } from '../hall-state.ts';
import type { Text } from './page.zh.ts';

export function Ladder({ t, offers, ceiling }: { t: Text; offers: readonly Offer[]; ceiling: string | null }) {
  const { language } = useSpeech();
  const mean = meanFen(offers);
  if (mean === null) return null;
  const prices = offers.flatMap(({ offer }) => (offer ? [BigInt(offer.priceFen)] : []));
  const limit = ceiling === null ? null : BigInt(ceiling);
  const axis = axisOf(limit === null ? prices : [...prices, limit]);
  const amount = (fen: bigint) => tenThousands(fen, language);
  const sorted = prices.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = (fen: bigint) => 30 + (axis.at(fen) * 1140) / 1000;
  const anchored = (x: number) => (x < 200 ? 'start' : x > 1000 ? 'end' : 'middle');
  return (
    <figure className="hall-ladder" data-mark="ladder">
      <svg viewBox="0 0 1200 84" role="img" aria-label={t.ladder}>
        <line x1="30" x2="1170" y1="44" y2="44" className="axis" />
        <line x1={at(mean)} x2={at(mean)} y1="28" y2="62" className="mean" />
        <text x={at(mean)} y="80" textAnchor={anchored(at(mean))} className="mean">
          {t.mean(amount(mean))}
        </text>
        {limit === null ? null : (
          <>
            <line x1={at(limit)} x2={at(limit)} y1="28" y2="62" className="limit" />
            <text x={at(limit)} y="22" textAnchor={anchored(at(limit))} className="limit">
              {t.limit(amount(limit))}
            </text>
          </>
        )}
        {offers.map(({ manifestSha256, offer }) =>
          offer ? <circle key={manifestSha256} cx={at(BigInt(offer.priceFen))} cy="44" r="7" /> : null,
        )}
      </svg>
      <figcaption className="yg-visually-hidden">
        {t.ladderText(sorted.length, amount(sorted[0]!), amount(sorted.at(-1)!))}
      </figcaption>
    </figure>
  );
}
