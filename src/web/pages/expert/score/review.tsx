/** Pledge, recusal, and a verdict on each tender; a rejection names its code, article and facts (TR 51). */
import { useState } from 'react';
import type { Input } from '../../../api/client.ts';
import { useCommand } from '../../../api/provider.tsx';
import { Button, Card, Note, TextField } from '../../../kit/elements.tsx';
import { Money } from '../../../parts/money.tsx';
import { RefusalNote } from '../../../parts/states.tsx';
import type { Desk } from './desk.ts';
import type { Text } from './page.zh.ts';

type Body = Input<'POST /api/evaluations/:lot/review'>['body'];
type Verdict = Body['verdicts'][number];
type Draft = { reject: boolean | null; code: string; article: string; reason: string };
const changes = ['GET /api/evaluations', 'GET /api/evaluations/:lot/mine'] as const;

const initial = (desk: Desk, offer: string): Draft => {
  const given = desk.verdicts.find((verdict) => verdict.offer === offer);
  const { code = '', article = '', reason = '' } = given ?? {};
  return { reject: given ? given.verdict === 'reject' : null, code, article, reason };
};
const done = ({ reject, code, article, reason }: Draft) =>
  reject === false || (reject === true && [code, article, reason].every((text) => text.trim() !== ''));

function verdictOf(offer: string, { reject, code, article, reason }: Draft): Verdict {
  return reject
    ? { offer, verdict: 'reject', code: code.trim(), article: article.trim(), reason: reason.trim() }
    : { offer, verdict: 'pass' };
}

export function Review({ t, desk }: { t: Text; desk: Desk }) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>(() =>
    Object.fromEntries(desk.toReview.map((offer) => [offer, initial(desk, offer)])),
  );
  const already = desk.verdicts.length > 0;
  const [said, setSaid] = useState({ recuse: already, pledge: already });
  const [competition, setCompetition] = useState(desk.competition);
  const review = useCommand('POST /api/evaluations/:lot/review', changes);
  const ready = said.recuse && said.pledge && desk.toReview.every((offer) => done(drafts[offer]!));
  const send = () => {
    const verdicts = desk.toReview.map((offer) => verdictOf(offer, drafts[offer]!));
    void review.send({ params: { lot: desk.lot }, body: { verdicts, competition } });
  };
  return (
    <Card title={t.reviewTitle}>
      <div className="yg-form">
        {already ? <Note tone="ok" title={t.waitingSettle} /> : null}
        <div>
          {(['recuse', 'pledge'] as const).map((name) => (
            <label key={name} className="yg-check">
              <input
                type="checkbox"
                checked={said[name]}
                onChange={(event) => setSaid({ ...said, [name]: event.target.checked })}
              />
              {t[name]}
            </label>
          ))}
        </div>
        {desk.toReview.map((offer) => (
          <OneVerdict
            key={offer}
            t={t}
            desk={desk}
            offer={offer}
            draft={drafts[offer]!}
            onChange={(part) => setDrafts({ ...drafts, [offer]: { ...drafts[offer]!, ...part } })}
          />
        ))}
        <div className="yg-field">
          <label htmlFor="competition">{t.competition}</label>
          <select
            id="competition"
            className="yg-input"
            value={competition ?? ''}
            onChange={(event) => setCompetition((event.target.value || null) as typeof competition)}
          >
            <option value="">{t.competitionNone}</option>
            <option value="go-on">{t.goOn}</option>
            <option value="reject-all">{t.rejectAll}</option>
          </select>
        </div>
        {review.refusal ? <RefusalNote refusal={review.refusal} /> : null}
        <div>
          <Button kind="primary" busy={review.busy} disabled={!ready} onClick={send}>
            {t.submitReview}
          </Button>
        </div>
      </div>
    </Card>
  );
}

type OneVerdictProps = { t: Text; desk: Desk; offer: string; draft: Draft; onChange: (part: Partial<Draft>) => void };

function OneVerdict({ t, desk, offer, draft, onChange }: OneVerdictProps) {
  const at = desk.offers.findIndex(({ manifestSha256 }) => manifestSha256 === offer);
  return (
    <fieldset className="score-verdict">
      <legend className="strong">
        {t.offer(at + 1)} · <Money fen={desk.offers[at]?.priceFen ?? '0'} />
      </legend>
      <div className="yg-actions">
        {([false, true] as const).map((reject) => (
          <label key={String(reject)} className="yg-check">
            <input type="radio" name={offer} checked={draft.reject === reject} onChange={() => onChange({ reject })} />
            {reject ? t.reject : t.pass}
          </label>
        ))}
      </div>
      {draft.reject
        ? (['code', 'article', 'reason'] as const).map((name) => (
            <TextField
              key={name}
              label={t[name]}
              help={name === 'code' ? t.codeHelp : undefined}
              value={draft[name]}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          ))
        : null}
    </fieldset>
  );
}
