/** The tenderer's side of an award: publicity, objections, award, notice, report, certificate; the server judges what may come next. */
import { useState } from 'react';
import type { Answer } from '../../../api/client.ts';
import { useApi, useCommand } from '../../../api/provider.tsx';
import { dateTimeText, dayText } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip, LongTextField } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, PageProps } from '../../page.ts';
import { Act } from '../act.tsx';
import type { Text } from './page.zh.ts';

type View = Answer<'GET /api/awards/:lot'>;
type Objection = Answer<'GET /api/awards/:lot/objections'>['objections'][number];
const changes = ['GET /api/awards/:lot', 'GET /api/awards/:lot/objections'] as const;
const operations = {
  notice: 'POST /api/awards/:lot/notice',
  report: 'POST /api/awards/:lot/supervisor-report',
  certificate: 'POST /api/awards/:lot/certificate',
} as const;
type Named = { readonly t: Text; readonly lot: string; readonly code: string };

export const head = (t: Text): Head => ({ title: t.title, noindex: true });

export default function AwardPage({ t, params }: PageProps<Text>) {
  const lot = params.lot ?? '';
  const place = useApi('GET /api/lots/:lot', { params: { lot } });
  const award = useApi('GET /api/awards/:lot', { params: { lot } }, { refetchSeconds: 20 });
  const named = { t, lot, code: place.data?.code ?? '' };
  return (
    <div className="yg-stack">
      <div>
        <p className="yg-crumbs">{named.code}</p>
        <h1>{t.title}</h1>
        <p className="muted">{place.data?.name}</p>
      </div>
      {award.error?.refusal.code === 'award-unknown' ? (
        <Card title={t.candidates}>
          <Empty>{t.none}</Empty>
          <ul>
            <Publish {...named} />
          </ul>
        </Card>
      ) : (
        <Reading of={award}>{(view) => <Shown {...named} view={view} />}</Reading>
      )}
    </div>
  );
}

function Shown({ view, ...named }: Named & { view: View }) {
  const { t } = named;
  const { language } = useSpeech();
  const issued = (kind: string) => view.documents.some((document) => document.kind === kind);
  return (
    <>
      <Card
        title={t.candidates}
        side={view.publicity ? <Chip>{`${t.lastDay} ${dayText(view.publicity.lastDay, language)}`}</Chip> : null}
        now
      >
        <ol>
          {view.candidates.map(({ rank, organisation, manifestSha256, priceFen, total }) => (
            <li key={manifestSha256}>
              {rank}. {organisation.name} · <Money fen={priceFen} /> · {total}
            </li>
          ))}
        </ol>
        <ul className="yg-form">
          {view.status === 'waiting' ? <Publish {...named} /> : null}
          {view.status === 'publicity' && view.next ? <Decide {...named} next={view.next} /> : null}
          {view.award && !issued('award-notice') ? <Issue {...named} name="notice" /> : null}
          {view.award && !view.supervisorReport ? <Issue {...named} name="report" /> : null}
          {view.confirmedAt && !issued('result-certificate') ? <Issue {...named} name="certificate" /> : null}
        </ul>
      </Card>
      <Objections {...named} />
      {view.documents.length > 0 ? (
        <Card title={t.documents}>
          <ul>
            {view.documents.map(({ kind, number, pdfSha256 }) => (
              <li key={pdfSha256}>
                <a href={`/api/certificates/${pdfSha256}`}>
                  {t.kinds[kind] ?? kind} · {number}
                </a>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </>
  );
}

function Publish({ t, lot, code }: Named) {
  const command = useCommand('POST /api/awards/:lot/publicity', changes);
  const [verb, ...facts] = t.publish;
  const act = async () => (await command.send({ params: { lot }, body: { days: 3 } }))?.ok === true;
  return <Act verb={verb} facts={facts} code={code} {...command} onAct={act} />;
}

function Decide({ t, lot, code, next }: Named & { next: string }) {
  const command = useCommand('POST /api/awards/:lot/award', changes);
  const [verb, ...facts] = t.award;
  const act = async () => (await command.send({ params: { lot }, body: { manifestSha256: next } }))?.ok === true;
  return <Act verb={verb} facts={facts} code={code} {...command} onAct={act} />;
}

function Issue({ t, lot, code, name }: Named & { name: keyof typeof operations }) {
  const command = useCommand(operations[name], changes);
  const [verb, ...facts] = t[name];
  const act = async () => (await command.send({ params: { lot }, body: {} }))?.ok === true;
  return <Act verb={verb} facts={facts} code={code} {...command} onAct={act} />;
}

function Objections(named: Named) {
  const found = useApi('GET /api/awards/:lot/objections', { params: { lot: named.lot } });
  return (
    <Card title={named.t.objections}>
      <Reading of={found}>
        {({ objections }) =>
          objections.length === 0 ? (
            <Empty>{named.t.noObjections}</Empty>
          ) : (
            <ul className="yg-form">
              {objections.map((objection) => (
                <OneObjection key={objection.id} {...named} objection={objection} />
              ))}
            </ul>
          )
        }
      </Reading>
    </Card>
  );
}

function OneObjection({ t, lot, code, objection }: Named & { objection: Objection }) {
  const { language } = useSpeech();
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<'rejected' | 'upheld'>('rejected');
  const command = useCommand('POST /api/awards/:lot/answers', changes);
  const [verb, ...facts] = t.answer;
  const act = async () =>
    (await command.send({ params: { lot }, body: { objection: objection.id, outcome, text: text.trim() } }))?.ok ===
    true;
  if (objection.answer)
    return (
      <li>
        <p>{objection.text}</p>
        <p className="muted">
          {t.answered} · {t.outcomes[objection.answer.outcome]}: {objection.answer.text}
        </p>
      </li>
    );
  return (
    <Act verb={verb} facts={facts} code={code} {...command} ready={text.trim() !== ''} onAct={act}>
      <p>{objection.text}</p>
      <p className="small muted">
        {t.answerBy} {dateTimeText(objection.answerBy, language)}
      </p>
      <div className="yg-actions">
        {(['rejected', 'upheld'] as const).map((value) => (
          <label key={value} className="yg-check">
            <input type="radio" name={objection.id} checked={outcome === value} onChange={() => setOutcome(value)} />
            {t.outcomes[value]}
          </label>
        ))}
      </div>
      <LongTextField label={t.answerText} maxLength={4000} value={text} onText={setText} />
    </Act>
  );
}
