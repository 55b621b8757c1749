/** The lots on whose committee I sit, the work first. */
import type { Answer } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { A } from '../../../i18n/provider.tsx';
import { Card, Chip } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

type Duty = Answer<'GET /api/evaluations'>['duties'][number];

export const head = (t: Text): Head => ({ title: t.title, noindex: true });
const ended = ({ phase }: Duty) => phase === 'finished' || phase === 'failed';

export default function Sessions({ t }: PageProps<Text>) {
  const duties = useApi('GET /api/evaluations', {}, { refetchSeconds: 20 });
  return (
    <div className="yg-stack">
      <h1>{t.title}</h1>
      <Reading of={duties} lines={5}>
        {({ duties: all }) => (
          <Card flush>
            {all.length === 0 ? (
              <div className="body">
                <Empty>{t.none}</Empty>
              </div>
            ) : (
              <ul className="yg-rows">
                {all
                  .toSorted((a, b) => Number(ended(a)) - Number(ended(b)))
                  .map((duty) => (
                    <Line key={duty.lot} t={t} duty={duty} />
                  ))}
              </ul>
            )}
          </Card>
        )}
      </Reading>
    </div>
  );
}

function Line({ t, duty }: { t: Text; duty: Duty }) {
  const lot = useApi('GET /api/lots/:lot', { params: { lot: duty.lot } });
  const page = duty.phase === 'reported' || duty.phase === 'finished' ? 'report' : 'score';
  return (
    <li className="yg-row">
      <div className="main">
        <p className="strong">{lot.data?.name ?? '…'}</p>
        <p className="small muted">
          <span className="nowrap">{lot.data?.code}</span> · {t.seat(duty.seat)}
        </p>
      </div>
      <Chip tone={ended(duty) ? 'ok' : 'now'}>{t.phases[duty.phase]}</Chip>
      <A className="yg-button" to={`/desk/${page}/${duty.lot}`} aria-label={`${t.open} ${lot.data?.code ?? ''}`}>
        {t.open}
      </A>
    </li>
  );
}
