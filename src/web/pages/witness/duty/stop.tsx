/** Stopping a step: a reason, then the code; nobody but the supervisor lifts it. */
import { useState } from 'react';
import { useCommand } from '../../../api/provider.tsx';
import { useSpeech } from '../../../i18n/provider.tsx';
import { Button, LongTextField } from '../../../kit/elements.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import { type Step, stepNames } from '../steps.ts';
import type { Text } from './page.zh.ts';

const changes = ['GET /api/witness', 'GET /api/witness/:subject'] as const;

type StopProps = { readonly t: Text; readonly subject: string; readonly step: Step; readonly code: string };

export function StopStep({ t, subject, step, code }: StopProps) {
  const { language } = useSpeech();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const stop = useCommand('POST /api/witness/:subject/:step/stop', changes);
  const act = async () => {
    const outcome = await stop.send({ params: { subject, step }, body: { reason: reason.trim() } });
    if (outcome?.ok) setOpen(false);
  };
  return (
    <div className="yg-row">
      <span className="main small muted">{t.stopHelp}</span>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t.stop}
      </Button>
      <Confirm
        open={open}
        title={t.stopTitle(stepNames[language][step])}
        facts={t.stopFacts}
        code={code}
        verb={t.stopVerb}
        busy={stop.busy}
        ready={reason.trim() !== ''}
        onConfirm={() => void act()}
        onClose={() => setOpen(false)}
      >
        <LongTextField label={t.stopReason} help={t.stopReasonHelp} maxLength={300} value={reason} onText={setReason} />
        {stop.refusal ? <RefusalNote refusal={stop.refusal} /> : null}
      </Confirm>
    </div>
  );
}
