/** The price list: read out row by row, the newest in sun, at most eight rows, then pages by ten seconds. */
import { useServerNow } from '../../../api/clock.ts';
import { epochOf, yuan } from '../../../i18n/format.ts';
import { classes } from '../../../kit/elements.tsx';
import type { Offer } from '../hall-state.ts';
import type { Text } from './page.zh.ts';

export const rowsOnScreen = 8;
const secondsARow = 3;
const secondsAPage = 10;

/** How many rows are read out a given time after the announcement, and which page is shown: by server time, alike on every screen. */
export function shownAt(seconds: number, rows: number): { readonly read: number; readonly page: number } {
  const read = Math.min(rows, Math.max(1, Math.floor(seconds / secondsARow) + 1));
  const pages = Math.max(1, Math.ceil(rows / rowsOnScreen));
  const since = seconds - rows * secondsARow;
  const page =
    read < rows || since < 0 ? Math.floor((read - 1) / rowsOnScreen) : Math.floor(since / secondsAPage) % pages;
  return { read, page };
}

type Props = { readonly t: Text; readonly offers: readonly Offer[]; readonly announcedAt: string };

export function Prices({ t, offers, announcedAt }: Props) {
  const now = useServerNow();
  const { read, page } = shownAt(now === null ? 1e9 : (now - epochOf(announcedAt)) / 1000, offers.length);
  const pages = Math.ceil(offers.length / rowsOnScreen);
  const first = page * rowsOnScreen;
  return (
    <div className="hall-list">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.number}</th>
            <th scope="col">{t.bidder}</th>
            <th scope="col" className="right">
              {t.price}
            </th>
            <th scope="col" className="right">
              {t.duration}
            </th>
          </tr>
        </thead>
        <tbody>
          {offers.slice(first, first + rowsOnScreen).map((offer, i) => (
            <Row
              key={offer.manifestSha256}
              t={t}
              offer={offer}
              number={first + i + 1}
              read={read}
              all={offers.length}
            />
          ))}
        </tbody>
      </table>
      {pages > 1 ? <p className="hall-page">{t.page(page + 1, pages)}</p> : null}
    </div>
  );
}

type RowProps = {
  readonly t: Text;
  readonly offer: Offer;
  readonly number: number;
  readonly read: number;
  readonly all: number;
};

function Row({ t, offer, number, read, all }: RowProps) {
  if (number > read)
    return (
      <tr className="waits">
        <td>{number}</td>
        <td colSpan={3}>{t.waitingRow}</td>
      </tr>
    );
  return (
    <tr className={classes(number === read && read < all && 'now')}>
      <td>{number}</td>
      <td className="name">{offer.name ?? t.unnamed}</td>
      <td className="right price">{offer.offer ? yuan(offer.offer.priceFen) : t.invalid(offer.code ?? '')}</td>
      <td className="right nowrap">
        {offer.offer?.durationDays === undefined ? '' : t.days(offer.offer.durationDays)}
      </td>
    </tr>
  );
}
