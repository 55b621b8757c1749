/** The browser's own modal dialog: focus stays inside, Escape closes, the page behind is inert. */
import { type ReactNode, useEffect, useId, useRef } from 'react';

type DialogProps = {
  readonly open: boolean;
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

export function Dialog({ open, title, onClose, actions, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && dialog && !dialog.open) dialog.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={ref} className="yg-dialog" aria-labelledby={heading} onClose={onClose}>
      {open ? (
        <div className="inside">
          <h2 id={heading}>{title}</h2>
          {children}
          {actions ? <div className="actions">{actions}</div> : null}
        </div>
      ) : null}
    </dialog>
  );
}
