/** The bidder's own key, from the kit it kept at sealing. Opened here; only the one-time identity of this tender goes to the server. */
import { type FormEvent, useState } from 'react';
import { useCommand } from '../../../api/provider.tsx';
import { FileField } from '../../../keys/key-file-form.tsx';
import { Button, Note, TextField } from '../../../kit/elements.tsx';
import { Countdown } from '../../../parts/countdown.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { Text } from '../screen/page.zh.ts';

type Props = { readonly t: Text; readonly opening: string; readonly lot: string; readonly until: string };

export function GiveKey({ t, opening, lot, until }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [given, setGiven] = useState(false);
  const give = useCommand('POST /api/openings/:opening/lots/:lot/keys');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const passphrase = String(new FormData(form).get('passphrase') ?? '');
    if (!file) return;
    setWrong(null);
    const { openKit } = await import('../../../../sealing/kit.ts');
    const kit = await file
      .arrayBuffer()
      .then((bytes) => openKit(new Uint8Array(bytes), passphrase))
      .catch(() => null);
    if (!kit) return setWrong(t.kitWrong);
    if (kit.lot !== lot) return setWrong(t.kitOther);
    const outcome = await give.send({ params: { opening, lot }, body: { identity: kit.identity } });
    if (outcome?.ok) {
      form.reset();
      setGiven(true);
    }
  };
  if (given) return <Note tone="ok" live title={t.giveKeyDone} />;
  return (
    <form className="yg-form" onSubmit={(event) => void submit(event)}>
      <h3>{t.giveKey}</h3>
      <p>
        {t.giveKeyUntil} <Countdown until={until} />
      </p>
      <FileField label={t.kitFile} help={t.giveKeyHelp} accept=".age" file={file} onFile={setFile} />
      <TextField label={t.kitPassphrase} type="password" name="passphrase" autoComplete="off" required wrong={wrong} />
      {give.refusal ? <RefusalNote refusal={give.refusal} /> : null}
      <Button kind="primary" type="submit" busy={give.busy}>
        {t.giveKey}
      </Button>
    </form>
  );
}
