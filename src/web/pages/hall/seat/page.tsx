/** A bidder's seat: own state, confirmation or objection with its clock, and the own key in the bidder modes. */
import { useState } from 'react';
import { useApi, useCommand } from '../../../api/provider.tsx';
import { useSession } from '../../../api/session.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card, Chip, LongTextField, Note } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Money } from '../../../parts/money.tsx';
import { Empty, Reading, RefusalNote } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { HallState, LotView, Offer } from '../hall-state.ts';
import type { Text } from '../screen/page.zh.ts';
import { useHall, useProjectOf } from '../use-hall.ts';
import { GiveKey } from './give-key.tsx';

export const head = (t: Text): Head => ({ title: t.seat, noindex: true });

export default function Seat({ t, params }: PageProps<Text>) {
  const code = params['code'] ?? '';
  const { list, found, project } = useProjectOf(code);
  const { hall, live } = useHall(found?.openingId);
  const session = useSession();
  const { words } = useSpeech();
  const bidder = session?.roles.includes('bidder') ?? false;
  return (
    <Reading of={list}>
      {() => (
        <div className="yg-stack">
          <div className="yg-head">
            <div>
              <p className="yg-crumbs">{code}</p>
              <h1>{found?.name ?? t.unknown}</h1>
            </div>
            <Chip tone={live === 'live' ? 'ok' : 'now'} dot>
              {live === 'live' ? words.live : live === 'off' ? words.disconnected : words.reconnecting}
            </Chip>
          </div>
          {found ? <A to={`/hall/${code}`}>{t.screen}</A> : <p>{t.unknownHelp}</p>}
          {found && !hall ? (
            <Card title={t.before} now>
              <Countdown until={found.deadline} big />
              <p>{t.nobodyKnows}</p>
            </Card>
          ) : null}
          {found && session === null ? (
            <Note title={t.seatHelp}>
              <A className="yg-button primary" to={`/login?next=${encodeURIComponent(`/hall/${code}/seat`)}`}>
                {t.logInToAct}
              </A>
            </Note>
          ) : null}
          {hall?.opening.lots.map((lot) => (
            <OneLot
              key={lot.lot}
              t={t}
              hall={hall}
              lot={lot}
              name={project?.lots.find((l) => l.id === lot.lot)?.name ?? ''}
              own={bidder ? (session?.organisation ?? null) : null}
            />
          ))}
        </div>
      )}
    </Reading>
  );
}

type LotProps = { t: Text; hall: HallState; lot: LotView; name: string; own: string | null };

function OneLot({ t, hall, lot, name, own }: LotProps) {
  const offers = hall.offers[lot.lot];
  const mine = own === null ? undefined : offers?.find((o) => o.organisation === own);
  const all = lot.standing ?? 0;
  return (
    <Card title={name} now={lot.status === 'announced'}>
      <div className="yg-stack">
        {lot.status === 'waiting' ? <Countdown until={hall.opening.deadline} big /> : null}
        <p>{lot.status === 'waiting' ? t.nobodyKnows : lot.announcedAt ? '' : t.openedCount(lot.opened, all)}</p>
        {lot.stalled.map((s) => (
          <p key={s.manifestSha256}>
            {s.code} · {t.owners[s.owner] ?? s.owner}
          </p>
        ))}
        {own !== null && lot.keysUntil && lot.status === 'closed' ? (
          <GiveKey t={t} opening={hall.opening.opening} lot={lot.lot} until={lot.keysUntil} />
        ) : null}
        {offers ? <PriceRows t={t} offers={offers} own={own} /> : <Empty>{t.notYet}</Empty>}
        {offers && own !== null ? mine ? <Answer t={t} hall={hall} lot={lot} mine={mine} /> : <p>{t.notHere}</p> : null}
      </div>
    </Card>
  );
}

function PriceRows({ t, offers, own }: { t: Text; offers: readonly Offer[]; own: string | null }) {
  return (
    <ol className="yg-stack">
      {offers.map((o) => (
        <li key={o.manifestSha256} className="yg-row">
          <span>
            {o.name ?? t.unnamed}{' '}
            {o.organisation !== null && o.organisation === own ? <Chip tone="primary">{t.own}</Chip> : null}
          </span>
          <b>{o.offer ? <Money fen={o.offer.priceFen} /> : t.invalid(o.code ?? '')}</b>
        </li>
      ))}
    </ol>
  );
}

function Answer({ t, hall, lot, mine }: { t: Text; hall: HallState; lot: LotView; mine: Offer }) {
  const params = { opening: hall.opening.opening, lot: lot.lot };
  const list = useApi('GET /api/openings/:opening/lots/:lot/offers', { params });
  const confirm = useCommand('POST /api/openings/:opening/lots/:lot/confirmation', [
    'GET /api/openings/:opening/lots/:lot/offers',
  ]);
  const object = useCommand('POST /api/openings/:opening/lots/:lot/objections');
  const [text, setText] = useState<string | null>(null);
  const confirmed = list.data?.find((o) => o.manifestSha256 === mine.manifestSha256)?.confirmed ?? false;
  const refusal = confirm.refusal ?? object.refusal;
  const send = async () => {
    const outcome = await object.send({ params, body: { text: (text ?? '').trim() } });
    if (outcome?.ok) setText(null);
  };
  return (
    <div className="yg-stack">
      {mine.offer ? (
        <p>
          {t.ownPrice}{' '}
          <b>
            <Money fen={mine.offer.priceFen} withCapitals />
          </b>
        </p>
      ) : null}
      {lot.confirmUntil ? (
        <p>
          {t.confirmLeft} <Countdown until={lot.confirmUntil} />
        </p>
      ) : null}
      {confirmed ? <Note tone="ok" live title={t.confirmDone} /> : null}
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <div className="yg-actions">
        {confirmed ? null : (
          <Button kind="primary" size="big" busy={confirm.busy} onClick={() => void confirm.send({ params, body: {} })}>
            {t.confirm}
          </Button>
        )}
        {text === null ? <Button onClick={() => setText('')}>{t.object}</Button> : null}
      </div>
      {text === null ? null : (
        <>
          <LongTextField label={t.objectText} help={t.objectHelp} value={text} onText={setText} />
          <Button kind="primary" busy={object.busy} disabled={text.trim() === ''} onClick={() => void send()}>
            {t.objectSend}
          </Button>
        </>
      )}
    </div>
  );
}
