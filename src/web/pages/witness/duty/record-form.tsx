/** Writing and signing the record of a step: checked, found, refused, note, photos; the server draws up the text, the key signs it. */
import { useState } from 'react';
import type { Input, Refusal } from '../../../api/client.ts';
import { useApiClient, useCommand } from '../../../api/provider.tsx';
import { claimedNow, signed } from '../../../api/signed-text.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { KeyNotGiven, useKey } from '../../../keys/key-context.ts';
import { Button, LongTextField } from '../../../kit/elements.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import { afterwards, checklists, type Step } from '../steps.ts';
import { type Check, Checks } from './checks.tsx';
import type { Text } from './page.zh.ts';
import { type Photo, Photos } from './photos.tsx';

type RecordFormProps = { readonly t: Text; readonly subject: string; readonly step: Step; readonly onDone: () => void };

export function RecordForm({ t, subject, step, onDone }: RecordFormProps) {
  const { language } = useSpeech();
  const [checks, setChecks] = useState<readonly Check[]>(() =>
    checklists[language][step].map((item) => ({ item, result: 'not-checked', remark: '' })),
  );
  const [prose, setProse] = useState({ found: t.nothingFound, refused: '', note: '' });
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const { busy, refusal, sign } = useSigning(t, subject, step);
  const fit = checks.length > 0 && checks.every((c) => c.result !== 'deviates' || c.remark.trim() !== '');
  const handIn = async () => {
    const body = {
      checked: [...checks],
      ...prose,
      photos: photos.map(({ sha256 }) => sha256),
      claimedAt: claimedNow(),
    };
    if (await sign(body)) onDone();
  };
  return (
    <div className="yg-form">
      <p className="muted">{afterwards[language][step]}</p>
      <Checks t={t} checks={checks} onChange={setChecks} />
      {(['found', 'refused', 'note'] as const).map((name) => (
        <LongTextField
          key={name}
          label={t[name]}
          help={name === 'note' ? undefined : t[`${name}Help`]}
          maxLength={4000}
          value={prose[name]}
          onText={(entered) => setProse({ ...prose, [name]: entered })}
        />
      ))}
      <Photos t={t} subject={subject} photos={photos} onChange={setPhotos} />
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <p className="small muted">{t.signHelp}</p>
      <Button kind="primary" size="big" className="wide" busy={busy} disabled={!fit} onClick={() => void handIn()}>
        {t.sign}
      </Button>
    </div>
  );
}

const changes = ['GET /api/witness', 'GET /api/witness/:subject', 'GET /api/witness/:subject/:step/record'] as const;
type DraftBody = Input<'POST /api/witness/:subject/:step/draft'>['body'];

/** Draft, signature, record; `sign` answers whether it stands. */
function useSigning(t: Text, subject: string, step: Step) {
  const api = useApiClient();
  const { askKey } = useKey();
  const record = useCommand('POST /api/witness/:subject/:step/record', changes);
  const [drafting, setDrafting] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const params = { subject, step };
  const sign = async (body: DraftBody): Promise<boolean> => {
    setDrafting(true);
    setRefused(null);
    try {
      const key = await askKey(t.keyReason);
      const draft = await api.call('POST /api/witness/:subject/:step/draft', { params, body });
      if (!draft.ok) {
        setRefused(draft.refusal);
        return false;
      }
      const { text, signature } = await signed(key, draft.value.record);
      return (await record.send({ params, body: { record: text, signature } }))?.ok === true;
    } catch (error) {
      if (!(error instanceof KeyNotGiven)) throw error;
      return false;
    } finally {
      setDrafting(false);
    }
  };
  return { busy: drafting || record.busy, refusal: refused ?? record.refusal, sign };
}
