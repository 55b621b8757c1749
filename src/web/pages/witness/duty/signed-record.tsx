/** A record that stands: when it was signed, its hash, and what it says. */
import { useState } from 'react';
import { useApi } from '../../../api/provider.tsx';
import { dateTimeText, shortHash } from '../../../i18n/format.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { Button, Chip, Facts } from '../../../kit/elements.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { Step } from '../steps.ts';
import type { Check } from './checks.tsx';
import type { Text } from './page.zh.ts';
import { PhotoList } from './photos.tsx';

type Kept = { readonly seq: number; readonly sha256: string; readonly at: string };
type Said = {
  readonly checked: readonly Check[];
  readonly found: string;
  readonly refused: string;
  readonly note: string;
  readonly photos: readonly { readonly sha256: string }[];
};

export function SignedRecord({ t, subject, step, last }: { t: Text; subject: string; step: Step; last: Kept }) {
  const { language } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <div className="yg-form">
      <Facts
        left
        rows={[
          [t.signedAt, `${dateTimeText(last.at, language, true)} · ${t.seq(last.seq)}`],
          [t.hash, <code key="hash">{shortHash(last.sha256)}</code>],
        ]}
      />
      <div>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.hide : t.show}
        </Button>
      </div>
      {open ? <Shown t={t} subject={subject} step={step} /> : null}
    </div>
  );
}

function Shown({ t, subject, step }: { t: Text; subject: string; step: Step }) {
  const kept = useApi('GET /api/witness/:subject/:step/record', { params: { subject, step } });
  return (
    <Reading of={kept}>
      {({ record }) => {
        const said = JSON.parse(record) as Said;
        return (
          <div className="yg-form">
            <ul className="yg-form">
              {said.checked.map(({ item, result, remark }) => (
                <li key={item} className="yg-row">
                  <span className="main">
                    {item}
                    {remark ? <span className="muted"> · {remark}</span> : null}
                  </span>
                  <Chip tone={result === 'conforms' ? 'ok' : result === 'deviates' ? 'bad' : undefined}>
                    {t.results[result]}
                  </Chip>
                </li>
              ))}
            </ul>
            <Facts
              left
              rows={(['found', 'refused', 'note'] as const)
                .filter((name) => said[name] !== '')
                .map((name) => [t[name], said[name]] as const)}
            />
            <PhotoList t={t} subject={subject} photos={said.photos} />
          </div>
        );
      }}
    </Reading>
  );
}
