/** What the witness has to do: one line a subject, the ones with open steps first. */
import type { Answer } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { useSession } from '../../../api/session.ts';
import { dateTimeText } from '../../../i18n/format.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import { stepNames } from '../steps.ts';
import type { Text } from './page.zh.ts';

type Duty = Answer<'GET /api/witness'>['duties'][number];

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

/** The steps of a subject that this person stands by. */
const ownSteps = (duty: Duty, person: string) => duty.steps.filter(({ onDuty }) => onDuty === person);

export default function Duties({ t }: PageProps<Text>) {
  const duties = useApi('GET /api/witness', {}, { refetchSeconds: 20 });
  const person = useSession()?.person ?? '';
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <Reading of={duties} lines={6}>
        {({ duties: all }) => {
          const own = all.filter((duty) => ownSteps(duty, person).length > 0);
          const open = own.filter((duty) => ownSteps(duty, person).some(({ status }) => status !== 'signed'));
          const done = own.filter((duty) => !open.includes(duty));
          return (
            <>
              <List t={t} title={t.open} duties={open} person={person} />
              {done.length > 0 ? <List t={t} title={t.done} duties={done} person={person} /> : null}
            </>
          );
        }}
      </Reading>
    </div>
  );
}

type ListProps = { t: Text; title: string; duties: readonly Duty[]; person: string };

function List({ t, title, duties, person }: ListProps) {
  return (
    <Card title={title} flush>
      {duties.length === 0 ? (
        <div className="body">
          <Empty>{t.none}</Empty>
        </div>
      ) : (
        <ul className="yg-rows">
          {duties.map((duty) => (
            <Line key={duty.subject} t={t} duty={duty} person={person} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Line({ t, duty, person }: { t: Text; duty: Duty; person: string }) {
  const { language } = useSpeech();
  const project = useApi('GET /api/projects/:id', { params: { id: duty.project } });
  const steps = ownSteps(duty, person);
  const signed = steps.filter(({ status }) => status === 'signed').length;
  const stopped = steps.some(({ status }) => status === 'stopped');
  const next = steps.find(({ status }) => status !== 'signed');
  const lot = project.data?.lots.find(({ id }) => id === duty.subject);
  return (
    <li className="yg-row">
      <div className="main">
        <p className="strong">{project.data?.name ?? '…'}</p>
        <p className="small muted">
          {t.kinds[duty.subjectKind]} · <span className="nowrap">{project.data?.code}</span>
          {lot && lot.name !== project.data?.name ? ` · ${lot.name}` : ''}
        </p>
        {duty.subjectKind === 'opening' && project.data ? (
          <p className="small muted">
            {t.deadline} {dateTimeText(project.data.schedule.deadline, language)}
          </p>
        ) : null}
        {next ? <p>{t.next(stepNames[language][next.step])}</p> : null}
      </div>
      <Chip tone={stopped ? 'bad' : next ? 'now' : 'ok'}>{stopped ? t.stopped : t.signed(signed, steps.length)}</Chip>
      <A
        className="yg-button"
        to={`/desk/duties/${duty.subject}`}
        aria-label={`${t.begin} ${project.data?.code ?? ''}`}
      >
        {t.begin}
      </A>
    </li>
  );
}
