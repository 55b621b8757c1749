/** The verdict in one large sentence, and the steps that led to it. */
import { exactTime, grouped } from '../../../i18n/format.ts';
import { Card, Chip, Facts, Note } from '../../../kit/elements.tsx';
import { ProofBadge } from '../../../parts/proof-badge.tsx';
import { type Judgement, steps } from './judge-steps.ts';
import type { Text } from './page.zh.ts';

const tones = { genuine: 'ok', 'not-genuine': 'bad', unknown: 'now' } as const;
const signs = { passed: ['ok', '✓'], failed: ['bad', '✗'], unknown: ['now', '?'] } as const;

export function Verdict({ t, judgement }: { t: Text; judgement: Judgement }) {
  const { verdict } = judgement;
  return (
    <Card>
      <div className="yg-stack">
        <Note tone={tones[verdict]} live title={<span className="check-verdict">{t.verdicts[verdict]}</span>}>
          <p>{t.reasons[verdict]}</p>
        </Note>
        <ol className="yg-stack check-steps">
          {steps.map((name) => {
            const step = judgement.steps.find((done) => done.name === name);
            const [tone, sign] = step ? signs[step.result] : [undefined, '–'];
            return (
              <li key={name} className="yg-row">
                <span className="main">
                  {t.steps[name]}
                  {step && step.result !== 'passed' ? (
                    <>
                      <br />
                      <code className="faint">{step.detail}</code>
                    </>
                  ) : null}
                </span>
                <Chip tone={tone}>{sign}</Chip>
              </li>
            );
          })}
        </ol>
        <Facts
          left
          rows={[
            [t.hash, <code key="hash">{grouped(judgement.sha256)}</code>],
            ...(judgement.signedAt
              ? ([
                  [
                    t.signedAt,
                    <span key="at" className="num">
                      {exactTime(judgement.signedAt)}
                    </span>,
                  ],
                ] as const)
              : []),
            ...(judgement.index ? ([[t.entry, <ProofBadge key="entry" index={judgement.index} />]] as const) : []),
          ]}
        />
      </div>
    </Card>
  );
}
