/** The log's explorer: the newest checkpoint, entries by index, and proofs computed in the reader's browser. */
import { useSearchParams } from 'react-router';
import { useApi } from '../../../api/provider.tsx';
import { dateTimeText } from '../../../i18n/format.ts';
import { pathIn } from '../../../i18n/language.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card, TextField } from '../../../kit/elements.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import { Checkpoint } from './checkpoint.tsx';
import { EntryCard } from './entry.tsx';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title, description: t.description });

const many = 20;
export const load = async ({ prefetch }: LoadContext): Promise<undefined> => {
  await prefetch('GET /api/statistics', {});
  return undefined;
};

/** A natural number of the address; null for anything else. */
const naturalOf = (text: string | null): number | null => (text && /^\d{1,15}$/.test(text) ? Number(text) : null);

export default function Log({ t }: PageProps<Text>) {
  const { language } = useSpeech();
  const [search] = useSearchParams();
  const statistics = useApi('GET /api/statistics', {});
  const entry = naturalOf(search.get('entry'));
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <div className="yg-columns">
        <div className="yg-stack">
          {entry === null ? null : <EntryCard t={t} index={entry} />}
          <Reading of={statistics}>
            {({ log }) => <Entries t={t} size={Number(log.size)} from={naturalOf(search.get('from'))} />}
          </Reading>
        </div>
        <div className="yg-stack">
          <Checkpoint t={t} />
          <Card title={t.find}>
            <form action={pathIn(language, '/log')} className="yg-form">
              <TextField
                label={t.index}
                name="entry"
                inputMode="numeric"
                pattern="[0-9]+"
                required
                defaultValue={entry ?? ''}
              />
              <Button type="submit">{t.open}</Button>
            </form>
          </Card>
          <Card title={t.own}>
            <div className="yg-stack">
              <p>{t.ownHelp}</p>
              <code className="yg-pre">{'curl -O /log/checkpoint\ncurl -O /log/vkey\ncurl /log/entries?from=0'}</code>
              <p className="small muted">{t.tiles}</p>
            </div>
          </Card>
        </div>
      </div>
    </div>
  );
}

function Entries({ t, size, from }: { t: Text; size: number; from: number | null }) {
  const { language } = useSpeech();
  const start = Math.max(0, Math.min(from ?? size - many, size - 1));
  const found = useApi('GET /log/entries', { query: { from: String(start), limit: many } });
  return (
    <Card
      title={t.newest}
      flush
      footer={
        <>
          {start > 0 ? (
            <A className="yg-button" to={`/log?from=${Math.max(0, start - many)}`}>
              {t.older}
            </A>
          ) : null}
          {start + many < size ? (
            <A className="yg-button" to={`/log?from=${start + many}`}>
              {t.newer}
            </A>
          ) : null}
        </>
      }
    >
      <Reading of={found} lines={8}>
        {({ entries }) => (
          <ul className="yg-rows">
            {entries.toReversed().map(({ index, leaf }) => {
              const { kind, at } = leaf as { kind?: string; at?: string };
              return (
                <li key={index} className="yg-row">
                  <A to={`/log?entry=${index}`} className="num strong">
                    #{index}
                  </A>
                  <span className="main">{kind ?? t.sealed}</span>
                  <span className="small muted">{at ? dateTimeText(at, language, true) : ''}</span>
                </li>
              );
            })}
          </ul>
        )}
      </Reading>
    </Card>
  );
}
