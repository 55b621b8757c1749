/** Plain elements in our CSS; both entries use them. Anything that scripts may style is a class: the public pages allow no inline style. */
import { type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, useId } from 'react';

export const classes = (...names: (string | 0 | 0n | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly size?: 'small' | 'normal' | 'big';
  /** The act is under way: the button says so and takes no second click, and keeps the focus. */
  readonly busy?: boolean;
};

export function Button({
  kind = 'plain',
  size = 'normal',
  busy = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classes('yg-button', kind !== 'plain' && kind, size !== 'normal' && size, className)}
    >
      {children}
    </button>
  );
}

type CardProps = {
  readonly title?: ReactNode;
  readonly side?: ReactNode;
  readonly footer?: ReactNode;
  /** The rows of a list bring their own space. */
  readonly flush?: boolean;
  readonly now?: boolean;
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
};

/** A region with its own heading. */
export function Card({ title, side, footer, flush = false, now = false, id, className, children }: CardProps) {
  const heading = useId();
  return (
    <section
      className={classes('yg-card', now && 'now', className)}
      id={id}
      {...(title ? { 'aria-labelledby': heading } : {})}
    >
      {title ? (
        <header>
          <h2 id={heading}>{title}</h2>
          {side}
        </header>
      ) : null}
      {flush ? children : <div className="body">{children}</div>}
      {footer ? <footer>{footer}</footer> : null}
    </section>
  );
}

export type Tone = 'now' | 'ok' | 'bad' | 'info' | 'primary';

/** A short state in words; `dot` marks something live. */
export function Chip({ tone, dot = false, children }: { tone?: Tone | undefined; dot?: boolean; children: ReactNode }) {
  return (
    <span className={classes('yg-chip', tone)}>
      {dot ? <span className="yg-dot" aria-hidden="true" /> : null}
      {children}
    </span>
  );
}

const signs = { info: 'i', ok: '✓', bad: '!', now: '!' } as const;

type NoteProps = {
  readonly tone?: keyof typeof signs;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** Read out when it appears. */
  readonly live?: boolean;
};

export function Note({ tone = 'info', title, live = false, children }: NoteProps) {
  return (
    <div className={classes('yg-note', tone)} {...(live ? { role: tone === 'bad' ? 'alert' : 'status' } : {})}>
      <span className="sign" aria-hidden="true">
        {signs[tone]}
      </span>
      <div className="main">
        {title ? <p className="title">{title}</p> : null}
        {children}
      </div>
    </div>
  );
}

type FieldProps = {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly wrong?: ReactNode;
  /** The control, given its id and what describes it. */
  readonly control: (given: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode;
};

/** Label, help and error tied to one control. */
export function Field({ label, help, wrong, control }: FieldProps) {
  const id = useId();
  const said = classes(help && `${id}-help`, wrong && `${id}-wrong`);
  return (
    <div className="yg-field">
      <label htmlFor={id}>{label}</label>
      {control({ id, ...(said ? { 'aria-describedby': said } : {}), ...(wrong ? { 'aria-invalid': true } : {}) })}
      {help ? (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      ) : null}
      {wrong ? (
        <span className="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      ) : null}
    </div>
  );
}

type TextFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> & Omit<FieldProps, 'control'>;

export function TextField({ label, help, wrong, className, ...rest }: TextFieldProps) {
  return (
    <Field
      label={label}
      help={help}
      wrong={wrong}
      control={(given) => <input {...rest} {...given} className={classes('yg-input', className)} />}
    />
  );
}

type LongTextFieldProps = Omit<FieldProps, 'control'> & {
  readonly value: string;
  readonly maxLength?: number;
  readonly onText: (text: string) => void;
};

/** A text of several lines; 2,000 characters are what the rooms take for reasons and answers. */
export function LongTextField({ value, maxLength = 2000, onText, ...field }: LongTextFieldProps) {
  return (
    <Field
      {...field}
      control={(given) => (
        <textarea
          {...given}
          className="yg-input"
          maxLength={maxLength}
          value={value}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    />
  );
}

/** Pairs of name and value. */
export function Facts({ rows, left = false }: { rows: readonly (readonly [ReactNode, ReactNode])[]; left?: boolean }) {
  return (
    <dl className={classes('yg-facts', left && 'left')}>
      {rows.map(([name, value], i) => (
        // Rows have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: fixed list
        <FactRow key={i} name={name} value={value} />
      ))}
    </dl>
  );
}

function FactRow({ name, value }: { name: ReactNode; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
