/** One act of a procedure as a line: what follows from it, then its button; one that cannot be undone is confirmed by naming. */
import { type ReactNode, useState } from 'react';
import type { Refusal } from '../../api/client.ts';
import { Button } from '../../kit/elements.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { RefusalNote } from '../../parts/states.tsx';

type ActProps = {
  readonly verb: string;
  /** What follows, said before the act; both sentences stand in the dialog again. */
  readonly facts: readonly [string, string];
  readonly code: string;
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  readonly ready?: boolean;
  /** Answers whether the act stands. */
  readonly onAct: () => Promise<boolean>;
  readonly children?: ReactNode;
};

export function Act({ verb, facts, code, busy, refusal, ready = true, onAct, children }: ActProps) {
  const [open, setOpen] = useState(false);
  const act = async () => {
    if (await onAct()) setOpen(false);
  };
  return (
    <li className="yg-form">
      <div className="yg-row">
        <div className="main">
          <p className="strong">{verb}</p>
          <p className="small muted">{facts.join('')}</p>
        </div>
        <Button disabled={!ready || code === ''} onClick={() => setOpen(true)}>
          {verb}
        </Button>
      </div>
      {children}
      <Confirm
        open={open}
        title={`${verb}？`}
        facts={facts}
        code={code}
        verb={verb}
        busy={busy}
        onConfirm={() => void act()}
        onClose={() => setOpen(false)}
      >
        {refusal ? <RefusalNote refusal={refusal} /> : null}
      </Confirm>
    </li>
  );
}
