/** The opening record: drawn up by the host, signed by host and witness over its exact bytes, then issued as a PDF. */
import { useState } from 'react';
import { fromUtf8, toBase64 } from '../../../../formats/bytes.ts';
import { type Refusal, refusalOf } from '../../../api/client.ts';
import { useCommand } from '../../../api/provider.tsx';
import type { Role } from '../../../api/session.ts';
import { shortHash } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { KeyNotGiven, useKey } from '../../../keys/key-context.ts';
import { Button, Card, Facts, Note } from '../../../kit/elements.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { OpeningView } from '../../hall/hall-state.ts';
import type { Text } from './page.zh.ts';

const changes = ['GET /api/openings/:opening'] as const;
type RecordProps = { t: Text; code: string; view: OpeningView; roles: readonly Role[] };

export function RecordCard({ t, code, view, roles }: RecordProps) {
  const { words } = useSpeech();
  const drawUp = useCommand('POST /api/openings/:opening/record', changes);
  const { record, opening } = view;
  const ready = view.lots.every(({ status }) => ['announced', 'failed', 'terminated'].includes(status));
  const signers = (record?.signedBy ?? []).map((role) => words.roles[role as keyof typeof words.roles] ?? role);
  const role = roles.find((one) => one === 'host' || one === 'witness');
  return (
    <Card title={t.record}>
      <div className="yg-form">
        <p className="muted">{t.recordHelp}</p>
        {record ? (
          <Facts
            left
            rows={[
              [t.recordFacts, <code key="hash">{shortHash(record.factsSha256)}</code>],
              [t.signedBy, signers.join(' · ') || t.nobody],
            ]}
          />
        ) : null}
        {record?.pdf ? (
          <Note tone="ok" title={t.issued(record.pdf.number)}>
            <a href={`/api/certificates/${record.pdf.sha256}`} download>
              {t.download}
            </a>
          </Note>
        ) : null}
        {drawUp.refusal ? <RefusalNote refusal={drawUp.refusal} /> : null}
        {ready && !record?.pdf && roles.includes('host') && !record?.signedBy.length ? (
          <div>
            <Button
              kind={record ? 'plain' : 'primary'}
              busy={drawUp.busy}
              onClick={() => void drawUp.send({ params: { opening }, body: {} })}
            >
              {t.drawUp}
            </Button>
          </div>
        ) : null}
        {record && !record.pdf && role ? (
          record.signedBy.includes(role) ? (
            <p>{t.signedAlready}</p>
          ) : (
            <SignRecord t={t} code={code} opening={opening} />
          )
        ) : null}
      </div>
    </Card>
  );
}

/** The same content with line breaks; what is signed stays as it came. */
const readable = (facts: Uint8Array): string => JSON.stringify(JSON.parse(fromUtf8(facts)), null, 2);

function SignRecord({ t, code, opening }: { t: Text; code: string; opening: string }) {
  const { askKey } = useKey();
  const sign = useCommand('POST /api/openings/:opening/record/signatures', changes);
  const [facts, setFacts] = useState<Uint8Array | null>(null);
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const text = facts && readable(facts);
  // The client would parse the answer; what is signed are its bytes, and they are the ones that were read.
  const read = async () => {
    const answer = await fetch(`/api/openings/${opening}/record/facts`, { credentials: 'same-origin' }).catch(
      () => null,
    );
    setRefusal(answer?.ok === false ? await refusalOf(answer) : null);
    if (answer?.ok) setFacts(new Uint8Array(await answer.arrayBuffer()));
  };
  const act = async () => {
    setAsking(false);
    if (!facts) return;
    try {
      const key = await askKey(t.signReason);
      await sign.send({ params: { opening }, body: { signature: toBase64(await key.sign(facts)) } });
    } catch (error) {
      if (!(error instanceof KeyNotGiven)) throw error;
    }
  };
  const shown = refusal ?? sign.refusal;
  return (
    <div className="yg-form">
      {text === null ? null : (
        <textarea className="yg-input" aria-label={t.showRecord} readOnly rows={12} value={text} />
      )}
      {shown ? <RefusalNote refusal={shown} /> : null}
      <div className="yg-actions">
        <Button onClick={() => void read()}>{t.showRecord}</Button>
        <Button kind="primary" busy={sign.busy} disabled={!facts} onClick={() => setAsking(true)}>
          {t.sign}
        </Button>
      </div>
      <Confirm
        open={asking}
        title={t.sign}
        facts={t.signFacts}
        code={code}
        verb={t.sign}
        onConfirm={() => void act()}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
