/** The five lanes while sealing runs, what left the computer, and the receipt at the end. */
import { useState } from 'react';
import { fromBase64, utf8 } from '../../../../formats/bytes.ts';
import { parseTlogProof } from '../../../../formats/log/tlog-proof.ts';
import { exactTime, shortHash, sizeText } from '../../../i18n/format.ts';
import { saveFile } from '../../../keys/save-file.ts';
import { Button, Card, Chip, Facts, Note } from '../../../kit/elements.tsx';
import { ProofBadge } from '../../../parts/proof-badge.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import { type Lane, type LaneState, lanes } from '../../../seal/progress.ts';
import type { SealedFacts } from '../../../seal/protocol.ts';
import type { Filed, useSealing } from '../../../seal/use-sealing.ts';
import type { Text } from './page.zh.ts';

export type Course = ReturnType<typeof useSealing>;

export function Progress({ t, course }: { t: Text; course: Course }) {
  const { step, lanes: states, refusal, code, cut } = course.sealing;
  const [sure, setSure] = useState(false);
  const still = step === 'kept' || step === 'stopped';
  return (
    <Card
      title={t.working}
      footer={
        <div className="yg-actions">
          {still ? (
            <Button kind="primary" onClick={() => void course.resume()}>
              {t.resume}
            </Button>
          ) : null}
          <Button kind="danger" onClick={() => (sure ? void course.giveUp() : setSure(true))}>
            {sure ? t.giveUpSure : t.giveUp}
          </Button>
          {sure ? <p role="status">{t.giveUpFact}</p> : null}
        </div>
      }
    >
      <div className="yg-stack">
        {step === 'kept' ? (
          <Note tone="now" title={t.kept}>
            {t.keptText}
          </Note>
        ) : null}
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        {code ? <Note tone="bad" live title={t.stops[code] ?? t.stops['seal-failed']} /> : null}
        {still ? null : (
          <ol className="yg-rows">
            {lanes.map((lane) => (
              <LaneRow key={lane} t={t} lane={lane} state={states[lane]} />
            ))}
          </ol>
        )}
        {step === 'filing' ? <p role="status">{t.filing}</p> : null}
        {cut ? <Note tone="now" live title={t.cut} /> : null}
        {step === 'uploading' ? <Note title={t.notLost}>{t.notLostText}</Note> : null}
      </div>
    </Card>
  );
}

function LaneRow({ t, lane, state }: { t: Text; lane: Lane; state: LaneState | undefined }) {
  const [name, what] = t.lanes[lane] as [string, string];
  const done = state?.percent === 100;
  const counted = state && state.total > 1 ? `${sizeText(state.bytes)} / ${sizeText(state.total)} · ` : '';
  return (
    <li className="yg-row">
      <div className="main">
        <p className="strong">{name}</p>
        <p className="small muted">
          {counted}
          {what}
        </p>
        {state && !done ? <progress className="yg-bar" aria-label={name} value={state.percent} max={100} /> : null}
      </div>
      <div className="right">
        <Chip tone={done ? 'ok' : state ? 'now' : undefined}>
          {done ? t.done : state ? `${state.percent} %` : t.waiting}
        </Chip>
        {state && !done && state.secondsLeft !== null ? (
          <p className="small muted">{t.left(state.secondsLeft)}</p>
        ) : null}
      </div>
    </li>
  );
}

export function Leaves({ t, facts }: { t: Text; facts: SealedFacts | null }) {
  return (
    <Card title={t.leave}>
      <div className="seal-leaves">
        <div>
          <h3>{t.stays}</h3>
          <ul>
            {t.staysList.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
        <div>
          <h3>{t.goes}</h3>
          <ul>
            {t.goesList.map((one, i) => (
              <li key={one}>
                {one} {facts && i === 0 ? <code>{shortHash(facts.tenderSha256)}</code> : null}
                {facts && i === 2 ? <code>{shortHash(facts.manifestSha256)}</code> : null}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Card>
  );
}

type ReceiptProps = { t: Text; code: string; filed: Filed; facts: SealedFacts | null; again(): void };

export function Receipt({ t, code, filed, facts, again }: ReceiptProps) {
  const { index } = parseTlogProof(filed.receipt);
  const name = `${code}-${filed.manifestSha256.slice(0, 8)}`;
  return (
    <Card title={t.receipt} side={<ProofBadge index={String(index)} />}>
      <div className="yg-stack" data-receipt={filed.manifestSha256}>
        <Note tone={filed.outcome === 'late' ? 'bad' : 'ok'} live title={t.outcomes[filed.outcome]} />
        <Facts
          left
          rows={[
            [
              t.receivedAt,
              <span key="at" className="num">
                {exactTime(filed.at)}
              </span>,
            ],
            [t.record, `#${index}`],
            [
              t.manifest,
              <code key="manifest" className="yg-code">
                {filed.manifestSha256}
              </code>,
            ],
            ...(facts
              ? [
                  [
                    t.tender,
                    <code key="tender" className="yg-code">
                      {facts.tenderSha256}
                    </code>,
                  ] as const,
                ]
              : []),
          ]}
        />
        <div className="yg-actions">
          <Button kind="primary" onClick={() => saveFile(utf8(filed.receipt), `${name}.tlog-proof`, 'text/plain')}>
            {t.download}
          </Button>
          {filed.outcome === 'sealed' ? <Button onClick={again}>{t.replaceAgain}</Button> : null}
          {filed.refusal ? (
            <Button
              onClick={() => saveFile(fromBase64(filed.refusal!.document), `${name}-refusal.json`, 'application/json')}
            >
              {t.refusalFile}
            </Button>
          ) : null}
        </div>
        <p className="small muted">{t.replacesNote}</p>
      </div>
    </Card>
  );
}
