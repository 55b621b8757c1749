/** A member's answer to the report: his signature over its bytes, or a signed dissent. */
import { useState } from 'react';
import type { Refusal } from '../../../api/client.ts';
import { useApiClient, useCommand } from '../../../api/provider.tsx';
import { signed } from '../../../api/signed-text.ts';
import { KeyNotGiven, useKey } from '../../../keys/key-context.ts';
import { Button, Card, LongTextField } from '../../../kit/elements.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';

const changes = ['GET /api/evaluations', 'GET /api/evaluations/:lot/mine'] as const;
type AnswersProps = { readonly t: Text; readonly lot: string; readonly code: string; readonly report: string };

export function Answers({ t, lot, code, report }: AnswersProps) {
  const [open, setOpen] = useState<'sign' | 'dissent' | null>(null);
  const [reasons, setReasons] = useState('');
  const answer = useAnswer(t, lot);
  const close = () => setOpen(null);
  const shared = { code, busy: answer.busy, onClose: close };
  const refusal = answer.refusal ? <RefusalNote refusal={answer.refusal} /> : null;
  return (
    <Card title={t.sign} now>
      <div className="yg-form">
        <div className="yg-actions">
          <Button kind="primary" onClick={() => setOpen('sign')}>
            {t.sign}
          </Button>
          <Button onClick={() => setOpen('dissent')}>{t.dissent}</Button>
        </div>
        <p className="small">{t.dissentHelp}</p>
      </div>
      <Confirm
        {...shared}
        open={open === 'sign'}
        title={t.signTitle}
        facts={t.signFacts}
        verb={t.sign}
        onConfirm={() => void answer.sign(report)}
      >
        {refusal}
      </Confirm>
      <Confirm
        {...shared}
        open={open === 'dissent'}
        title={t.dissentTitle}
        facts={t.dissentFacts}
        verb={t.submitDissent}
        ready={reasons.trim() !== ''}
        onConfirm={() => void answer.dissent(reasons.trim())}
      >
        <LongTextField label={t.reasons} maxLength={4000} value={reasons} onText={setReasons} />
        {refusal}
      </Confirm>
    </Card>
  );
}

function useAnswer(t: Text, lot: string) {
  const api = useApiClient();
  const { askKey } = useKey();
  const signing = useCommand('POST /api/evaluations/:lot/report/sign', changes);
  const dissenting = useCommand('POST /api/evaluations/:lot/report/dissent', changes);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const params = { lot };
  const guarded = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setRefused(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof KeyNotGiven)) throw error;
    } finally {
      setBusy(false);
    }
  };
  const sign = (report: string) =>
    guarded(async () => {
      const { signature } = await signed(await askKey(t.keyReason), report);
      await signing.send({ params, body: { signature } });
    });
  const dissent = (text: string) =>
    guarded(async () => {
      const key = await askKey(t.keyReasonDissent);
      const draft = await api.call('POST /api/evaluations/:lot/report/dissent/text', { params, body: { text } });
      if (!draft.ok) return setRefused(draft.refusal);
      const made = await signed(key, draft.value.dissent);
      await dissenting.send({ params, body: { dissent: made.text, signature: made.signature } });
    });
  return { busy, refusal: refused ?? signing.refusal ?? dissenting.refusal, sign, dissent };
}
