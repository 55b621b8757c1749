/** Enrolment: key and request are made here, the code fetches the certificate, the person saves both as PKCS#12. */
import { type FormEvent, useState } from 'react';
import { useCommand } from '../../../api/provider.tsx';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { askWorker, KeyError } from '../../../keys/key-worker.ts';
import { saveFile } from '../../../keys/save-file.ts';
import { keyTexts } from '../../../keys/texts.ts';
import { Button, Card, Note, TextField } from '../../../kit/elements.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import { PublicShell } from '../../../shell/public-shell.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title });

export default function Enrol({ t }: PageProps<Text>) {
  const [file, setFile] = useState<Uint8Array | null>(null);
  return (
    <PublicShell>
      <div className="yg-stack">
        <div>
          <h1>{t.title}</h1>
          <p className="muted">{t.lead}</p>
        </div>
        <Card>{file ? <Fetched t={t} file={file} /> : <EnrolForm t={t} onFile={setFile} />}</Card>
      </div>
    </PublicShell>
  );
}

const Fetched = ({ t, file }: { t: Text; file: Uint8Array }) => (
  <div className="yg-stack">
    <Note tone="ok" live title={t.doneTitle}>
      <p>{t.doneHelp}</p>
    </Note>
    <div className="yg-actions">
      <Button kind="primary" onClick={() => saveFile(file, 'yangguang.p12', 'application/x-pkcs12')}>
        {t.save}
      </Button>
      <A className="yg-button" to="/login">
        {t.logIn}
      </A>
    </div>
  </div>
);

function EnrolForm({ t, onFile }: { t: Text; onFile: (file: Uint8Array) => void }) {
  const { language } = useSpeech();
  const enrolment = useCommand('POST /api/enrolments');
  const [code, setCode] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const errors = keyTexts[language].errors;
  // Everything that could fail is looked at before the code is used up.
  const faultOf = () => {
    if (!/^[0-9a-f]{32}$/.test(code)) return t.codeWrong;
    if (!/^[\x20-\x7e]{8,}$/.test(passphrase)) return errors['passphrase-unfit'];
    return passphrase === again ? null : t.differ;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const fault = faultOf();
    setWrong(fault);
    if (fault || busy) return;
    setBusy(true);
    try {
      const csr = await askWorker('request', {});
      const fetched = await enrolment.send({ body: { code, csr } });
      if (!fetched?.ok) return;
      const { certificate, chain } = fetched.value;
      onFile((await askWorker('pack', { certificate, chain, passphrase })).file);
    } catch (error) {
      setWrong(errors[error instanceof KeyError ? error.code : 'key-failed']);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="yg-form" onSubmit={(event) => void submit(event)}>
      <TextField
        label={t.code}
        help={t.codeHelp}
        autoComplete="off"
        spellCheck={false}
        value={code}
        onChange={(event) => setCode(event.target.value.trim().toLowerCase())}
      />
      <TextField
        label={t.passphrase}
        help={t.passphraseHelp}
        type="password"
        autoComplete="new-password"
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      <TextField
        label={t.again}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(event) => setAgain(event.target.value)}
      />
      {wrong ? <Note tone="bad" live title={wrong} /> : null}
      {enrolment.refusal ? <RefusalNote refusal={enrolment.refusal} /> : null}
      <div className="yg-actions">
        <Button kind="primary" type="submit" busy={busy}>
          {t.act}
        </Button>
      </div>
    </form>
  );
}
