/** Handing in: what is missing, what is extreme, then lock and sign by naming. */
import { useState } from 'react';
import type { Criterion } from '../../../../../evaluation/scheme.ts';
import type { Input, Refusal } from '../../../api/client.ts';
import { useApiClient, useCommand } from '../../../api/provider.tsx';
import { signed } from '../../../api/signed-text.ts';
import { useSaid } from '../../../i18n/provider.tsx';
import { KeyNotGiven, useKey } from '../../../keys/key-context.ts';
import { Button, Note } from '../../../kit/elements.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { Desk } from './desk.ts';
import type { Text } from './page.zh.ts';

type Body = Input<'POST /api/evaluations/:lot/sheet/text'>['body'];
const changes = ['GET /api/evaluations', 'GET /api/evaluations/:lot/mine'] as const;

type LockProps = { t: Text; desk: Desk; criteria: readonly Criterion[]; body: Body; code: string };

export function LockSheet({ t, desk, criteria, body, code }: LockProps) {
  const [open, setOpen] = useState(false);
  const said = useSaid();
  const { busy, refusal, lock } = useLock(t, desk.lot);
  const gone = desk.toMark.length * criteria.length - body.marks.length;
  const nameOf = ({ offer, criterion }: Body['marks'][number]) => {
    const at = desk.offers.findIndex(({ manifestSha256 }) => manifestSha256 === offer);
    const found = criteria.find(({ id }) => id === criterion);
    return `${t.offer(at + 1)} ${found ? said(found.name) : criterion}`;
  };
  const extreme = body.marks.filter(
    ({ criterion, mark }) => mark === '0' || mark === criteria.find(({ id }) => id === criterion)?.max,
  );
  return (
    <>
      <Note tone={gone > 0 ? 'now' : 'ok'} title={gone > 0 ? t.gaps(gone) : t.ready}>
        {gone > 0 ? <p>{t.gapsHelp}</p> : null}
        {extreme.length > 0 ? (
          <p>
            {t.extremes}
            {extreme.map(nameOf).join('、')}
          </p>
        ) : null}
      </Note>
      <div>
        <Button kind="primary" disabled={gone > 0} onClick={() => setOpen(true)}>
          {t.lock}
        </Button>
      </div>
      <Confirm
        open={open}
        title={t.lockTitle}
        facts={t.lockFacts}
        code={code}
        verb={t.lock}
        busy={busy}
        onConfirm={() => void lock(body)}
        onClose={() => setOpen(false)}
      >
        {refusal ? <RefusalNote refusal={refusal} /> : null}
      </Confirm>
    </>
  );
}

/** Canonical text from the server, signature from the key, then the lock. */
function useLock(t: Text, lot: string) {
  const api = useApiClient();
  const { askKey } = useKey();
  const locking = useCommand('POST /api/evaluations/:lot/sheet/lock', changes);
  const [drafting, setDrafting] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const lock = async (body: Body) => {
    setDrafting(true);
    setRefused(null);
    try {
      const key = await askKey(t.keyReason);
      const draft = await api.call('POST /api/evaluations/:lot/sheet/text', { params: { lot }, body });
      if (!draft.ok) return setRefused(draft.refusal);
      const { text, signature } = await signed(key, draft.value.sheet);
      await locking.send({ params: { lot }, body: { sheet: text, signature } });
    } catch (error) {
      if (!(error instanceof KeyNotGiven)) throw error;
    } finally {
      setDrafting(false);
    }
  };
  return { busy: drafting || locking.busy, refusal: refused ?? locking.refusal, lock };
}
