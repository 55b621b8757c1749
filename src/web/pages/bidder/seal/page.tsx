/** One lot of a project, for a bidder: who can open it, files, offer, sealing, and the receipts of what was filed. */
import { useSearchParams } from 'react-router';
import { useApi } from '../../../api/provider.tsx';
import { useSession } from '../../../api/session.ts';
import { A } from '../../../i18n/provider.tsx';
import { Note } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Reading } from '../../../parts/states.tsx';
import { useSealing } from '../../../seal/use-sealing.ts';
import type { Head, PageProps } from '../../page.ts';
import { Acts } from './acts.tsx';
import { Leaves, Progress, Receipt } from './course.tsx';
import { SealForm } from './form.tsx';
import './page.css';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function SealPage({ t, params }: PageProps<Text>) {
  const code = params.code ?? '';
  const listed = useApi('GET /api/projects', { query: { q: code, limit: 10 } });
  const id = listed.data?.projects.find((one) => one.code === code)?.id;
  const project = useApi('GET /api/projects/:id', { params: { id: id ?? '' } }, { enabled: Boolean(id) });
  const [query] = useSearchParams();
  const session = useSession();
  if (listed.data && !id)
    return (
      <div className="yg-stack">
        <h1>{t.title}</h1>
        <Note tone="bad" title={t.unknown} />
      </div>
    );
  return (
    <Reading of={project} lines={6}>
      {({ name, lots, schedule }) => {
        const lot = lots.find((one) => one.id === query.get('lot')) ?? lots[0]!;
        return (
          <div className="yg-stack">
            <p className="yg-crumbs">
              <A to="/desk/bids">{t.back}</A> / <A to={`/p/${code}`}>{code}</A>
            </p>
            <div className="yg-head">
              <div>
                <h1>{name}</h1>
                <p className="muted">{t.lead}</p>
              </div>
              <div>
                <p className="small muted">{t.deadline}</p>
                <Countdown until={schedule.deadline} big />
              </div>
            </div>
            {lots.length > 1 ? (
              <nav className="yg-actions" aria-label={t.lots}>
                {lots.map((one) => (
                  <A
                    key={one.id}
                    className={one.id === lot.id ? 'yg-button primary' : 'yg-button'}
                    to={`/desk/bids/${code}?lot=${one.id}`}
                    {...(one.id === lot.id ? { 'aria-current': 'true' as const } : {})}
                  >
                    {one.name}
                  </A>
                ))}
              </nav>
            ) : null}
            {session?.organisation ? (
              <OneLot key={lot.id} t={t} code={code} lot={lot.id} organisation={session.organisation} />
            ) : null}
          </div>
        );
      }}
    </Reading>
  );
}

function OneLot({ t, code, lot, organisation }: { t: Text; code: string; lot: string; organisation: string }) {
  const course = useSealing(lot, organisation);
  const { step, filed } = course.sealing;
  const started = step !== 'idle';
  return (
    <div className="yg-columns">
      <div className="yg-stack">
        {filed ? (
          <Receipt t={t} code={code} filed={filed} facts={course.sealing.facts} again={() => void course.giveUp()} />
        ) : null}
        {started && !filed ? <Progress t={t} course={course} /> : null}
        {started ? null : <SealForm t={t} code={code} lot={lot} course={course} />}
      </div>
      <div className="yg-stack">
        <Acts t={t} lot={lot} code={code} />
        <Leaves t={t} facts={course.sealing.facts} />
      </div>
    </div>
  );
}
