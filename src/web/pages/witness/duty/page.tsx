/** One subject's steps, the one to do first: write what was checked, sign it, or stop the step. */
import './page.css';
import { useState } from 'react';
import type { Answer } from '../../../api/client.ts';
import { useApi, useCommand } from '../../../api/provider.tsx';
import { useSession } from '../../../api/session.ts';
import { dateTimeText } from '../../../i18n/format.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card, Chip, Note } from '../../../kit/elements.tsx';
import { Reading, RefusalNote } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import { stepNames } from '../steps.ts';
import type { Text } from './page.zh.ts';
import { RecordForm } from './record-form.tsx';
import { SignedRecord } from './signed-record.tsx';
import { StopStep } from './stop.tsx';

type View = Answer<'GET /api/witness/:subject'>;
type StepView = View['steps'][number];

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function DutyPage({ t, params }: PageProps<Text>) {
  const duty = useApi('GET /api/witness/:subject', { params: { subject: params.id ?? '' } }, { refetchSeconds: 20 });
  return (
    <Reading of={duty} lines={8}>
      {(view) => <Duty t={t} view={view} />}
    </Reading>
  );
}

function Duty({ t, view }: { t: Text; view: View }) {
  const project = useApi('GET /api/projects/:id', { params: { id: view.project } });
  const person = useSession()?.person;
  const { language } = useSpeech();
  const code = project.data?.code ?? '';
  const current = view.steps.find(({ status, onDuty }) => status !== 'signed' && onDuty === person);
  const rest = view.steps.filter((step) => step !== current);
  return (
    <div className="yg-stack">
      <div>
        <p className="yg-crumbs">
          <A to="/desk/duties">{t.crumbs}</A> / <span className="nowrap">{code}</span>
        </p>
        <h1>{project.data?.name ?? t.title}</h1>
        <p className="muted">
          {t.title} · {t.kinds[view.subjectKind]}
        </p>
      </div>
      {current ? (
        <StepCard
          key={current.step}
          t={t}
          view={view}
          step={current}
          code={code}
          title={t.nowTitle(stepNames[language][current.step])}
          own
          current
        />
      ) : (
        <Note tone="ok" title={t.allSigned} />
      )}
      {rest.map((step) => (
        <StepCard
          key={step.step}
          t={t}
          view={view}
          step={step}
          code={code}
          title={stepNames[language][step.step]}
          own={step.onDuty === person}
        />
      ))}
      <DocumentCard t={t} project={view.project} />
    </div>
  );
}

type StepCardProps = {
  t: Text;
  view: View;
  step: StepView;
  code: string;
  title: string;
  own: boolean;
  current?: boolean;
};

function StepCard({ t, view, step, code, title, own, current = false }: StepCardProps) {
  const [writing, setWriting] = useState(false);
  const last = step.records.at(-1);
  const stopped = step.status === 'stopped';
  const write = own && !stopped && (writing || (current && step.status === 'open'));
  const tone = stopped ? 'bad' : step.status === 'signed' ? 'ok' : current ? 'now' : undefined;
  return (
    <Card title={title} side={<Chip tone={tone}>{t.statuses[step.status]}</Chip>}>
      <div className="yg-form">
        <Stops t={t} step={step} />
        {last ? <SignedRecord t={t} subject={view.subject} step={step.step} last={last} /> : null}
        {own ? null : <p className="muted">{t.notYours}</p>}
        {write ? (
          <RecordForm t={t} subject={view.subject} step={step.step} onDone={() => setWriting(false)} />
        ) : own && !stopped ? (
          <div>
            <Button onClick={() => setWriting(true)}>{last ? t.supplement : t.title}</Button>
          </div>
        ) : null}
        {own && !stopped && code ? <StopStep t={t} subject={view.subject} step={step.step} code={code} /> : null}
      </div>
    </Card>
  );
}

function Stops({ t, step }: { t: Text; step: StepView }) {
  const { language } = useSpeech();
  return step.stops.map((stop) => (
    <Note key={stop.at} tone={stop.lifted ? 'info' : 'bad'} title={`${t.stoppedBy}：${stop.reason}`}>
      <p className="small">{dateTimeText(stop.at, language, true)}</p>
      <p>
        {stop.lifted
          ? `${t.lifted}：${stop.lifted.reason} · ${dateTimeText(stop.lifted.at, language, true)}`
          : t.stoppedHelp}
      </p>
    </Note>
  ));
}

/** The whole project's record as a signed PDF; the server refuses while a step is open and says which. */
function DocumentCard({ t, project }: { t: Text; project: string }) {
  const whole = useApi('GET /api/witness/:subject', { params: { subject: project } });
  const issue = useCommand('POST /api/witness/:subject/document', ['GET /api/witness/:subject']);
  const documents = whole.data?.documents ?? [];
  return (
    <Card title={t.document}>
      <div className="yg-form">
        <p className="muted">{t.documentHelp}</p>
        {documents.length > 0 ? (
          <p>
            <a href={`/api/witness/${project}/document`}>
              {t.download} · {documents.at(-1)?.number}
            </a>
          </p>
        ) : null}
        {issue.refusal ? <RefusalNote refusal={issue.refusal} /> : null}
        <div>
          <Button busy={issue.busy} onClick={() => void issue.send({ params: { subject: project } })}>
            {t.issue}
          </Button>
        </div>
      </div>
    </Card>
  );
}
