/** The host's acts on a lot: the announcement, and answers to objections. */
import { useState } from 'react';
import { useCommand } from '../../../api/provider.tsx';
import { Button, Card, LongTextField } from '../../../kit/elements.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { Empty, RefusalNote } from '../../../parts/states.tsx';
import type { LotView } from '../../hall/hall-state.ts';
import type { Text } from './page.zh.ts';

const changes = ['GET /api/openings/:opening'] as const;

export function Announce({ t, code, opening, lot }: { t: Text; code: string; opening: string; lot: string }) {
  const [open, setOpen] = useState(false);
  const announce = useCommand('POST /api/openings/:opening/lots/:lot/announcement', changes);
  const act = async () => {
    if ((await announce.send({ params: { opening, lot }, body: {} }))?.ok) setOpen(false);
  };
  return (
    <div className="yg-row">
      <span className="main muted">{t.announceHelp}</span>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {t.announce}
      </Button>
      <Confirm
        open={open}
        title={t.announce}
        facts={t.announceFacts}
        code={code}
        verb={t.announce}
        busy={announce.busy}
        onConfirm={() => void act()}
        onClose={() => setOpen(false)}
      >
        {announce.refusal ? <RefusalNote refusal={announce.refusal} /> : null}
      </Confirm>
    </div>
  );
}

type ObjectionsProps = { t: Text; opening: string; lot: LotView; host: boolean; running: boolean };

export function Objections({ t, opening, lot, host, running }: ObjectionsProps) {
  return (
    <div className="yg-form">
      {running && lot.confirmUntil ? (
        <p>
          {t.confirmLeft} <Countdown until={lot.confirmUntil} />
        </p>
      ) : null}
      <h3>{t.objections}</h3>
      {lot.objections.length === 0 ? <Empty>{t.noObjections}</Empty> : null}
      {lot.objections.map((objection) => (
        <Card key={objection.id}>
          <p>{objection.text}</p>
          {objection.answer ? (
            <p className="muted">
              {t.answer}: {objection.answer.text}
            </p>
          ) : host ? (
            <AnswerForm t={t} opening={opening} lot={lot.lot} id={objection.id} />
          ) : null}
        </Card>
      ))}
    </div>
  );
}

function AnswerForm({ t, opening, lot, id }: { t: Text; opening: string; lot: string; id: string }) {
  const [text, setText] = useState('');
  const answer = useCommand('POST /api/openings/:opening/lots/:lot/objections/:id/answer', changes);
  return (
    <div className="yg-form">
      <LongTextField label={t.answerText} help={t.answerHelp} value={text} onText={setText} />
      {answer.refusal ? <RefusalNote refusal={answer.refusal} /> : null}
      <div>
        <Button
          kind="primary"
          busy={answer.busy}
          disabled={text.trim() === ''}
          onClick={() => void answer.send({ params: { opening, lot, id }, body: { text: text.trim() } })}
        >
          {t.answer}
        </Button>
      </div>
    </div>
  );
}
