/** Asks for a certificate file, chosen or dropped, and its passphrase; the bytes go to the key worker and nowhere else. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useSpeech } from '../i18n/provider.tsx';
import { Button, classes, Note, TextField } from '../kit/elements.tsx';
import { FileSign } from '../kit/icons.tsx';
import { KeyError } from './key-worker.ts';
import { maxFileBytes } from './limits.ts';
import './keys.css';
import { keyTexts } from './texts.ts';

type FileFieldProps = {
  readonly label: string;
  readonly help: string;
  readonly accept: string;
  readonly file: File | null;
  readonly onFile: (file: File) => void;
};

/** A field for one file: a click, a key or a drop chooses it. */
export function FileField({ label, help, accept, file, onFile }: FileFieldProps) {
  const { language } = useSpeech();
  const t = keyTexts[language];
  const id = useId();
  const [over, setOver] = useState(false);
  const takeFirst = (files: FileList | null | undefined) => {
    const first = files?.[0];
    if (first) onFile(first);
  };
  return (
    <div className="yg-field">
      <span className="yg-label" id={`${id}-label`}>
        {label}
      </span>
      <label
        className={classes('yg-drop', over && 'over', file && 'has')}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          takeFirst(event.dataTransfer.files);
        }}
      >
        <FileSign />
        <span className="main">
          <span className="strong">{file ? t.chosen(file.name) : t.choose}</span>
          <span className="small muted">{help}</span>
        </span>
        <input
          type="file"
          accept={accept}
          aria-labelledby={`${id}-label`}
          onChange={(event) => takeFirst(event.target.files)}
        />
      </label>
    </div>
  );
}

type KeyFileFormProps = {
  /** Opens the file; a rejection is shown in the form. */
  readonly onSubmit: (file: Uint8Array, passphrase: string) => Promise<void>;
  readonly action?: string;
  /** Another way to open a key, beside the button. */
  readonly beside?: ReactNode;
};

/** Reads the bytes of a chosen file; too large a one is no key file. Throws KeyError. */
export async function bytesOfFile(file: File): Promise<Uint8Array> {
  if (file.size > maxFileBytes) throw new KeyError('pkcs12-broken');
  return new Uint8Array(await file.arrayBuffer());
}

export function KeyFileForm({ onSubmit, action, beside }: KeyFileFormProps) {
  const { language } = useSpeech();
  const t = keyTexts[language];
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (!file) return setWrong(t.noFile);
    setBusy(true);
    setWrong(null);
    try {
      await onSubmit(await bytesOfFile(file), passphrase);
    } catch (error) {
      setWrong(error instanceof KeyError ? t.errors[error.code] : (error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="yg-form" onSubmit={(event) => void submit(event)}>
      <FileField label={t.file} help={t.fileHelp} accept=".p12,.pfx" file={file} onFile={setFile} />
      <TextField
        label={t.passphrase}
        type="password"
        autoComplete="off"
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      {wrong ? <Note tone="bad" live title={wrong} /> : null}
      <div className="yg-actions">
        <Button kind="primary" type="submit" busy={busy}>
          {busy ? t.opening : (action ?? t.open)}
        </Button>
        {beside}
      </div>
      <p className="small muted">{t.stays}</p>
    </form>
  );
}
