/**
 * An act that cannot be undone, confirmed by naming: the dialog says two facts of consequence, asks for the last four characters
 * of the code, and its button repeats the verb. Focus starts on the field; Enter there acts once the code is right.
 */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useSpeech } from '../i18n/provider.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Button, TextField } from '../kit/elements.tsx';

export type ConfirmProps = {
  readonly open: boolean;
  readonly title: string;
  /** What follows from the act, each a sentence. */
  readonly facts: readonly [string, string];
  /** The code of what is acted on; its last four characters are typed. */
  readonly code: string;
  /** The button's text: the act as a verb. */
  readonly verb: string;
  readonly busy?: boolean;
  /** False while what else the dialog asks for (a reason) is missing. */
  readonly ready?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** Further fields, and the refusal of the act. */
  readonly children?: ReactNode;
};

/** The last four characters, as they are typed: case and spaces do not matter. */
export const lastFour = (code: string): string => code.trim().slice(-4);
export const namesCode = (typed: string, code: string): boolean =>
  typed.trim().toLowerCase() === lastFour(code).toLowerCase();

export function Confirm({ open, ...rest }: ConfirmProps) {
  return (
    <Dialog open={open} title={rest.title} onClose={rest.onClose}>
      <ConfirmForm {...rest} />
    </Dialog>
  );
}

function ConfirmForm({
  facts,
  code,
  verb,
  busy = false,
  ready = true,
  onConfirm,
  onClose,
  children,
}: Omit<ConfirmProps, 'open' | 'title'>) {
  const { words } = useSpeech();
  const [typed, setTyped] = useState('');
  const form = useId();
  const may = ready && namesCode(typed, code);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (may && !busy) onConfirm();
  };
  return (
    <form id={form} onSubmit={submit} className="yg-form">
      <ul className="yg-confirm-facts">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <TextField
        label={words.typeCode(lastFour(code))}
        help={<code>{code}</code>}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
      />
      {children}
      <div className="actions">
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy} disabled={!may}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
