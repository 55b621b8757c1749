/** The badge on every act: its record's number in the public log, and a panel that says what that proves and how to check it. */
import { useState } from 'react';
import { A, useSpeech } from '../i18n/provider.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Button, classes } from '../kit/elements.tsx';
import { Shield } from '../kit/icons.tsx';

type ProofBadgeProps = {
  /** Index of the entry in the log; null while it is not in a checkpoint yet. */
  readonly index: number | string | null;
  readonly failed?: boolean;
};

export function ProofBadge({ index, failed = false }: ProofBadgeProps) {
  const { words } = useSpeech();
  const [open, setOpen] = useState(false);
  const label = failed ? words.proofFailed : index === null ? words.proofWaiting : words.provable;
  const number = index === null ? '' : ` #${Number(index).toLocaleString('en')}`;
  return (
    <>
      <button
        type="button"
        className={classes('yg-badge', failed && 'failed', index === null && !failed && 'waiting')}
        onClick={() => setOpen(true)}
      >
        <Shield />
        {label}
        {number}
      </button>
      <Dialog
        open={open}
        title={words.proofTitle}
        onClose={() => setOpen(false)}
        actions={<Button onClick={() => setOpen(false)}>{words.close}</Button>}
      >
        <h3>{words.proofWhat}</h3>
        <p>{words.proofWhatText}</p>
        <h3>{words.proofNot}</h3>
        <p>{words.proofNotText}</p>
        {index === null ? null : (
          <>
            <h3>{words.proofOwn}</h3>
            <code className="yg-pre">{`curl -O '/log/entries?from=${index}&count=1'\ncurl -O '/log/proof/inclusion?index=${index}'`}</code>
            <p>
              <A to={`/log?entry=${index}`}>
                {words.openLog} #{String(index)}
              </A>
            </p>
          </>
        )}
      </Dialog>
    </>
  );
}
