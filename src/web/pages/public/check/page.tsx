/** Anybody checks a document: by dropping the file (judged here in the browser), or by its number (what was issued under it). */
import './page.css';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi } from '../../../api/provider.tsx';
import { exactTime, grouped } from '../../../i18n/format.ts';
import { pathIn } from '../../../i18n/language.ts';
import { useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card, Facts, Note, TextField } from '../../../kit/elements.tsx';
import { FileSign } from '../../../kit/icons.tsx';
import { ProofBadge } from '../../../parts/proof-badge.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import type { Judgement } from './judge-steps.ts';
import type { Text } from './page.zh.ts';
import { Verdict } from './verdict.tsx';

export const head = (t: Text): Head => ({ title: t.title, description: t.description });

const numberOf = (params: Readonly<Record<string, string>>, search: URLSearchParams) =>
  params.number ?? search.get('number')?.trim() ?? '';

export const load = async ({ prefetch, params, query }: LoadContext): Promise<undefined> => {
  const number = numberOf(params, query);
  if (number) await prefetch('GET /api/certificates', { query: { number } });
  return undefined;
};

export default function Check({ t, params }: PageProps<Text>) {
  const { language } = useSpeech();
  const [search] = useSearchParams();
  const number = numberOf(params, search);
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <div className="yg-columns">
        <div className="yg-stack">
          <FileCheck t={t} />
          {number ? <Issued t={t} number={number} /> : null}
        </div>
        <div className="yg-stack">
          <Card title={t.byNumber}>
            <form action={pathIn(language, '/check')} className="yg-form">
              <TextField label={t.number} name="number" maxLength={120} required defaultValue={number} />
              <Button type="submit">{t.find}</Button>
            </form>
          </Card>
          <Card title={t.own}>
            <div className="yg-stack">
              <p>{t.ownHelp}</p>
              <code className="yg-pre">
                {'sha256sum FILE.pdf\npdfsig FILE.pdf\npdfdetach -save 1 \\\n  -o facts.json FILE.pdf'}
              </code>
              <p className="small muted">{t.rootsHelp}</p>
              <a href="/api/trust/roots">/api/trust/roots</a>
            </div>
          </Card>
        </div>
      </div>
    </div>
  );
}

const source = {
  text: async (path: string) => {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.text();
  },
  json: async (path: string) => {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json() as Promise<unknown>;
  },
};
const maxBytes = 64e6;

function FileCheck({ t }: { t: Text }) {
  const [state, setState] = useState<Judgement | 'working' | 'too-big' | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > maxBytes) return setState('too-big');
    setState('working');
    const { judge } = await import('./judge.ts');
    setState(await judge(new Uint8Array(await file.arrayBuffer()), source));
  };
  return (
    <>
      <label
        className="check-drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          void take(event.dataTransfer.files[0]);
        }}
      >
        <FileSign />
        <b>{t.drop}</b>
        <span className="muted">{t.or}</span>
        <input
          type="file"
          accept="application/pdf"
          className="yg-visually-hidden"
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </label>
      {state === 'working' ? <Note live title={t.working} /> : null}
      {state === 'too-big' ? <Note tone="bad" live title={t.tooBig} /> : null}
      {state !== null && typeof state === 'object' ? <Verdict t={t} judgement={state} /> : null}
    </>
  );
}

function Issued({ t, number }: { t: Text; number: string }) {
  const found = useApi('GET /api/certificates', { query: { number } });
  return (
    <Reading of={found}>
      {({ certificates }) =>
        certificates.length === 0 ? (
          <Note tone="bad" title={t.none(number)} />
        ) : (
          <Card title={t.found(number)}>
            <div className="yg-stack">
              {certificates.map((certificate) => (
                <div key={certificate.sha256} className="yg-stack">
                  <Facts
                    left
                    rows={[
                      [
                        t.signedAt,
                        <span key="at" className="num">
                          {exactTime(certificate.at)}
                        </span>,
                      ],
                      [t.hash, <code key="hash">{grouped(certificate.sha256)}</code>],
                    ]}
                  />
                  <div className="yg-actions">
                    <ProofBadge index={certificate.journal?.index ?? null} />
                    <a href={`/api/certificates/${certificate.sha256}`}>{t.original}</a>
                  </div>
                </div>
              ))}
            </div>
          </Card>
        )
      }
    </Reading>
  );
}
