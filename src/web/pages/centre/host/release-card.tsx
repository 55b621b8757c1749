/** An officer's release of a lot: files chosen here stay here; nothing is given out before the checks have passed. */
import { useState } from 'react';
import { toBase64 } from '../../../../formats/bytes.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { type Refusal, RefusedError } from '../../../api/client.ts';
import { useServerNow } from '../../../api/clock.ts';
import { useApiClient, useCommand } from '../../../api/provider.tsx';
import { epochOf } from '../../../i18n/format.ts';
import { KeyNotGiven, useKey } from '../../../keys/key-context.ts';
import { FileField } from '../../../keys/key-file-form.tsx';
import { machineNow } from '../../../keys/time.ts';
import { Button, Note } from '../../../kit/elements.tsx';
import { Confirm } from '../../../parts/confirm.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { OpeningView } from '../../hall/hall-state.ts';
import type { Text } from './page.zh.ts';

type ReleaseProps = { readonly t: Text; readonly code: string; readonly view: OpeningView; readonly lot: string };

export function ReleaseCard({ t, code, view, lot }: ReleaseProps) {
  const [identity, setIdentity] = useState<File | null>(null);
  const [trust, setTrust] = useState<File | null>(null);
  const [byServer, setByServer] = useState(false);
  const [asking, setAsking] = useState(false);
  const server = useServerNow();
  const work = useRelease(t, view.opening, lot);
  const apart = machineNow() < epochOf(view.deadline);
  const now = apart && byServer ? server : machineNow();
  const fit = identity !== null && (!apart || (byServer && server !== null));
  if (work.done) return <Note tone="ok" live title={work.done} />;
  if (typeof Temporal === 'undefined') return <Note tone="bad" title={t.oldBrowser} />;
  return (
    <div className="yg-form">
      <h3>{t.releaseTitle}</h3>
      <p className="muted">{t.releaseHelp}</p>
      <FileField label={t.identity} help={t.identityHelp} accept=".key,.txt" file={identity} onFile={setIdentity} />
      <FileField label={t.trust} help={t.trustHelp} accept=".json" file={trust} onFile={setTrust} />
      {apart ? (
        <Note tone="now" title={t.clockApart}>
          <label className="yg-check">
            <input type="checkbox" checked={byServer} onChange={(event) => setByServer(event.target.checked)} />
            <span>{t.clockServer}</span>
          </label>
        </Note>
      ) : null}
      {work.wrong ? (
        <Note tone="bad" live title={t.checkFailed}>
          <p>{work.wrong}</p>
        </Note>
      ) : null}
      {work.refusal ? <RefusalNote refusal={work.refusal} /> : null}
      <div>
        <Button kind="primary" size="big" busy={work.busy} disabled={!fit} onClick={() => setAsking(true)}>
          {t.release}
        </Button>
      </div>
      <Confirm
        open={asking}
        title={t.releaseTitle}
        facts={t.releaseFacts}
        code={code}
        verb={t.releaseConfirm}
        onConfirm={() => {
          setAsking(false);
          if (identity && now !== null) void work.act(identity, trust, now);
        }}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}

function useRelease(t: Text, opening: string, lot: string) {
  const api = useApiClient();
  const { askKey } = useKey();
  const hand = useCommand('POST /api/openings/:opening/lots/:lot/releases', ['GET /api/openings/:opening']);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const act = async (identity: File, trust: File | null, now: number) => {
    setBusy(true);
    setWrong(null);
    setRefused(null);
    try {
      const { drawRelease, identityIn } = await import('../../../release/release.ts');
      const identityText = await identity.text();
      if (!identityIn(identityText)) return setWrong(t.noIdentity);
      const key = await askKey(t.releaseReason);
      const trustText = trust ? await trust.text() : null;
      const { certSha256 } = key;
      const drawn = await drawRelease(api, { opening, lot, identityText, trustText, certSha256, now });
      const signature = toBase64(await key.sign(drawn.bytes));
      const outcome = await hand.send({
        params: { opening, lot },
        body: { release: toBase64(drawn.bytes), signature },
      });
      if (outcome?.ok) setDone(t.releaseDone(drawn.tenders, drawn.faults));
    } catch (error) {
      if (error instanceof FormatError) setWrong(`${error.code}: ${error.detail}`);
      else if (error instanceof RefusedError) setRefused(error.refusal);
      else if (!(error instanceof KeyNotGiven)) setWrong(String(error));
    } finally {
      setBusy(false);
    }
  };
  return { act, busy: busy || hand.busy, wrong, refusal: refused ?? hand.refusal, done };
}
