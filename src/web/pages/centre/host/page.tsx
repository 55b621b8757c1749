/** The opening as the host and the officers work it: per lot what is done and what waits, and each person's own act. */
import { useApi } from '../../../api/provider.tsx';
import { useSession } from '../../../api/session.ts';
import { dateTimeText } from '../../../i18n/format.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { LotView, OpeningView } from '../../hall/hall-state.ts';
import { useProjectOf } from '../../hall/use-hall.ts';
import type { Head, PageProps } from '../../page.ts';
import { Announce, Objections } from './host-acts.tsx';
import type { Text } from './page.zh.ts';
import { RecordCard } from './record-card.tsx';
import { ReleaseCard } from './release-card.tsx';

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function HostPage({ t, params }: PageProps<Text>) {
  const code = params.code ?? '';
  const { list, found, project } = useProjectOf(code);
  const { language } = useSpeech();
  return (
    <Reading of={list}>
      {() => (
        <div className="yg-stack">
          <div>
            <p className="yg-crumbs">
              {t.crumbs} / <span className="nowrap">{code}</span>
            </p>
            <h1>{found?.name ?? t.unknown}</h1>
            <p className="muted">
              {found ? `${t.deadline} ${dateTimeText(found.deadline, language, true)}` : t.unknownHelp}
            </p>
            {found ? <A to={`/hall/${code}`}>{t.hall}</A> : null}
          </div>
          {found ? <Opening t={t} code={code} opening={found.openingId} lots={project?.lots ?? []} /> : null}
        </div>
      )}
    </Reading>
  );
}

type Named = { readonly id: string; readonly name: string };
type OpeningProps = { t: Text; code: string; opening: string; lots: readonly Named[] };

function Opening({ t, code, opening, lots }: OpeningProps) {
  const state = useApi('GET /api/openings/:opening', { params: { opening } }, { refetchSeconds: 5 });
  const roles = useSession()?.roles ?? [];
  return (
    <Reading of={state} lines={8}>
      {(view) => (
        <>
          {view.lots.map((lot) => (
            <Card
              key={lot.lot}
              title={lots.find(({ id }) => id === lot.lot)?.name ?? lot.lot}
              side={<Chip tone={lot.status === 'announced' ? 'ok' : 'now'}>{t.statuses[lot.status]}</Chip>}
            >
              <div className="yg-stack">
                <Stages t={t} view={view} lot={lot} />
                {lot.status === 'waiting' ? (
                  <p>
                    {t.before} <Countdown until={view.deadline} />
                  </p>
                ) : null}
                {lot.status === 'closed' ? <ReleaseCard t={t} code={code} view={view} lot={lot.lot} /> : null}
                {lot.status === 'opened' && roles.includes('host') ? (
                  <Announce t={t} code={code} opening={opening} lot={lot.lot} />
                ) : null}
                {lot.status === 'announced' ? (
                  <Objections
                    t={t}
                    opening={opening}
                    lot={lot}
                    host={roles.includes('host')}
                    running={view.record === null}
                  />
                ) : null}
              </div>
            </Card>
          ))}
          <RecordCard t={t} code={code} view={view} roles={roles} />
        </>
      )}
    </Reading>
  );
}

const order = ['waiting', 'closed', 'released', 'opened', 'announced'] as const;

function Stages({ t, view, lot }: { t: Text; view: OpeningView; lot: LotView }) {
  if (lot.status === 'failed' || lot.status === 'terminated') return null;
  const signed = Boolean(view.record?.pdf);
  const confirmed = view.record !== null;
  const at = signed ? 6 : confirmed ? 5 : order.indexOf(lot.status);
  const figures: Partial<Record<keyof Text['stages'], string>> = {
    release: t.count(lot.released.length, view.k),
    ...(lot.standing === null ? {} : { open: t.count(lot.opened, lot.standing) }),
    ...(view.record ? { sign: t.count(view.record.signedBy.length, 2) } : {}),
  };
  return (
    <ol className="yg-form">
      {(Object.keys(t.stages) as (keyof Text['stages'])[]).map((stage, i) => (
        <li key={stage} className="yg-row">
          <span className="main">
            {t.stages[stage]} <span className="num muted">{figures[stage]}</span>
          </span>
          <Chip tone={i < at ? 'ok' : i === at ? 'now' : undefined}>
            {i < at ? t.done : i === at ? t.now : t.ahead}
          </Chip>
        </li>
      ))}
    </ol>
  );
}
