/** The host's side of an evaluation: committee, then one act after the other. Marks are not shown here. */
import { useState } from 'react';
import type { Answer } from '../../../api/client.ts';
import { useApi, useCommand } from '../../../api/provider.tsx';
import { Card, Chip, Note } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { Loading, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import { Act } from '../act.tsx';
import { Organisation } from '../organisation.tsx';
import type { Text } from './page.zh.ts';

type View = Answer<'GET /api/evaluations/:lot'>;
const changes = ['GET /api/evaluations/:lot'] as const;
const operations = {
  begin: 'POST /api/evaluations/:lot/begin',
  settle: 'POST /api/evaluations/:lot/review/settle',
  report: 'POST /api/evaluations/:lot/report',
  finish: 'POST /api/evaluations/:lot/finish',
} as const;
const nextOf: Readonly<Record<string, keyof typeof operations | 'ranking'>> = {
  formed: 'begin',
  reviewing: 'settle',
  scoring: 'ranking',
  ranked: 'report',
  reported: 'finish',
};

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function EvaluationPage({ t, params }: PageProps<Text>) {
  const lot = params.lot ?? '';
  const place = useApi('GET /api/lots/:lot', { params: { lot } });
  const view = useApi('GET /api/evaluations/:lot', { params: { lot } }, { refetchSeconds: 15 });
  const code = place.data?.code ?? '';
  const unformed = view.error?.refusal.code === 'not-found';
  return (
    <div className="yg-stack">
      <div>
        <p className="yg-crumbs">{code}</p>
        <h1>{t.title}</h1>
        <p className="muted">{place.data?.name}</p>
      </div>
      {unformed ? (
        <FormCommittee t={t} lot={lot} code={code} />
      ) : (
        <Reading of={view} lines={8}>
          {(found) => <Running t={t} view={found} code={code} />}
        </Reading>
      )}
    </div>
  );
}

function Running({ t, view, code }: { t: Text; view: View; code: string }) {
  const next = nextOf[view.phase];
  return (
    <>
      {next ? (
        <Card now>
          <ul>
            {next === 'ranking' ? (
              <RankingAct t={t} lot={view.lot} code={code} />
            ) : (
              <PlainAct key={next} t={t} lot={view.lot} code={code} name={next} />
            )}
          </ul>
        </Card>
      ) : (
        <Note tone="ok" title={t.nothing}>
          {view.finished ? <a href={`/api/evaluations/${view.lot}/report.pdf`}>{t.pdf}</a> : null}
        </Note>
      )}
      <Members t={t} view={view} />
      {view.ranked ? (
        <Card title={t.ranked}>
          <ol>
            {view.ranked.ranking.map((row) => (
              <li key={row.manifestSha256}>
                {row.rank}. <Organisation id={row.organisation} /> · <Money fen={row.priceFen} /> · {row.total}
              </li>
            ))}
          </ol>
        </Card>
      ) : null}
    </>
  );
}

type NamedAct = { t: Text; lot: string; code: string };

function PlainAct({ t, lot, code, name }: NamedAct & { name: keyof typeof operations }) {
  const command = useCommand(operations[name], changes);
  const [verb, first, second] = t.acts[name]!;
  const act = async () => (await command.send({ params: { lot } }))?.ok === true;
  return <Act verb={verb} facts={[first, second]} code={code} {...command} onAct={act} />;
}

function RankingAct({ t, lot, code }: NamedAct) {
  const command = useCommand('POST /api/evaluations/:lot/ranking', changes);
  const [verb, first, second] = t.acts.ranking!;
  const act = async () => (await command.send({ params: { lot }, body: {} }))?.ok === true;
  return <Act verb={verb} facts={[first, second]} code={code} {...command} onAct={act} />;
}

function Members({ t, view }: { t: Text; view: View }) {
  const stateOf = ({ answer, locked, reviewed }: View['seats'][number]) =>
    answer ? t.answers[answer] : locked ? t.locked : reviewed ? t.reviewed : t.waits;
  return (
    <Card title={t.members} flush>
      <ul className="yg-rows">
        {view.seats.map((seat) => (
          <li key={seat.seat} className="yg-row">
            <span>{t.seat(seat.seat)}</span>
            <Chip tone={seat.answer || seat.locked ? 'ok' : undefined}>{stateOf(seat)}</Chip>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function FormCommittee({ t, lot, code }: NamedAct) {
  const people = useApi('GET /api/people/eligible', { query: { role: 'expert', pageSize: 100 } });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const command = useCommand('POST /api/evaluations/:lot/committee', changes);
  const act = async () => {
    const members = chosen.map((person) => ({ person, kind: 'expert' as const }));
    return (await command.send({ params: { lot }, body: { members } }))?.ok === true;
  };
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <Card title={t.choose} side={<span role="status">{t.chosen(chosen.length)}</span>}>
      {people.data ? (
        people.data.people.map(({ id, name, organisation }) => (
          <label key={id} className="yg-check">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            {name} · {organisation.name}
          </label>
        ))
      ) : (
        <Loading />
      )}
      <ul>
        <Act verb={t.form} facts={t.formFacts} code={code} {...command} ready={chosen.length > 0} onAct={act} />
      </ul>
    </Card>
  );
}
