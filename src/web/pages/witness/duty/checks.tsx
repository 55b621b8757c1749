/** What was looked at, each with its result; a deviation asks for a remark. */
import { useId, useState } from 'react';
import type { Input } from '../../../api/client.ts';
import { Button, classes, TextField } from '../../../kit/elements.tsx';
import type { Text } from './page.zh.ts';

export type Check = Input<'POST /api/witness/:subject/:step/draft'>['body']['checked'][number];
const results = ['conforms', 'deviates', 'not-checked'] as const;

type ChecksProps = {
  readonly t: Text;
  readonly checks: readonly Check[];
  readonly onChange: (checks: readonly Check[]) => void;
};

export function Checks({ t, checks, onChange }: ChecksProps) {
  const [item, setItem] = useState('');
  const change = (at: number, part: Partial<Check>) =>
    onChange(checks.map((check, i) => (i === at ? { ...check, ...part } : check)));
  const add = () => {
    const text = item.trim();
    if (text === '' || checks.some((check) => check.item === text)) return;
    onChange([...checks, { item: text, result: 'conforms', remark: '' }]);
    setItem('');
  };
  return (
    <div className="yg-field">
      <h3>{t.checked}</h3>
      <ul className="witness-checks">
        {checks.map((check, i) => (
          <li key={check.item} className={check.result}>
            <OneCheck t={t} check={check} onChange={(part) => change(i, part)} />
          </li>
        ))}
      </ul>
      <div className="yg-row">
        <div className="main">
          <TextField label={t.addItem} maxLength={300} value={item} onChange={(event) => setItem(event.target.value)} />
        </div>
        <Button onClick={add} disabled={item.trim() === ''}>
          {t.addItem}
        </Button>
      </div>
    </div>
  );
}

type OneCheckProps = { t: Text; check: Check; onChange: (part: Partial<Check>) => void };

function OneCheck({ t, check, onChange }: OneCheckProps) {
  const name = useId();
  return (
    <fieldset className="witness-check">
      <legend>{check.item}</legend>
      <div className="witness-choice">
        {results.map((result) => (
          <label key={result} className={classes(result)}>
            <input
              type="radio"
              name={name}
              checked={check.result === result}
              onChange={() => onChange({ result, ...(result === 'deviates' ? {} : { remark: '' }) })}
            />
            {t.results[result]}
          </label>
        ))}
      </div>
      {check.result === 'deviates' ? (
        <TextField
          label={t.remark}
          maxLength={1000}
          value={check.remark}
          wrong={check.remark.trim() === '' ? t.remarkMissing : undefined}
          onChange={(event) => onChange({ remark: event.target.value })}
        />
      ) : null}
    </fieldset>
  );
}
