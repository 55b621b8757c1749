/** What a page shows while it waits, when there is nothing, and when something went wrong. */
import { type ReactNode, useState } from 'react';
import type { Refusal, RefusedError } from '../api/client.ts';
import { useSpeech } from '../i18n/provider.tsx';
import { Button, Note } from '../kit/elements.tsx';

/** A skeleton of lines; it appears only after 150 ms, so that a quick answer does not flicker. */
export function Loading({ lines = 3 }: { lines?: number }) {
  const { words } = useSpeech();
  return (
    <div className="yg-stack" aria-busy="true">
      <span className="yg-visually-hidden" role="status">
        {words.loading}
      </span>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without identity
        <div key={i} className="yg-skeleton" />
      ))}
    </div>
  );
}

/** Says what will appear here, and when. */
export const Empty = ({ children }: { children?: ReactNode }) => {
  const { words } = useSpeech();
  return <p className="muted">{children ?? words.empty}</p>;
};

export function Copy({ text, children }: { text: string; children?: ReactNode }) {
  const { words } = useSpeech();
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size="small"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
      }}
    >
      <span aria-live="polite">{copied ? words.copied : (children ?? words.copy)}</span>
    </Button>
  );
}

/** What did not happen, the rule, and the request's number for whoever helps. */
export function RefusalNote({ refusal, retry }: { refusal: Refusal; retry?: () => void }) {
  const { language, words } = useSpeech();
  const { article } = refusal.details as { article?: unknown };
  return (
    <Note tone="bad" live title={refusal[language] || refusal.zh}>
      {typeof article === 'string' ? (
        <p>
          {words.rule}: {article}
        </p>
      ) : null}
      <p className="small faint">
        <code>{refusal.code}</code>
        {refusal.requestId ? (
          <>
            {' · '}
            {words.requestId} <code>{refusal.requestId}</code> <Copy text={refusal.requestId} />
          </>
        ) : null}
      </p>
      {retry ? <Button onClick={retry}>{words.retry}</Button> : null}
    </Note>
  );
}

type Read<T> = {
  readonly data: T | undefined;
  readonly error: RefusedError | null;
  readonly isPending: boolean;
  refetch(): unknown;
};

/** A read as a page shows it: its skeleton, its refusal, or what it brought. Old data stay on screen while they are asked anew. */
export function Reading<T>({ of, lines, children }: { of: Read<T>; lines?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.error)
    return (
      <RefusalNote
        refusal={
          of.error.refusal ?? {
            code: 'unexpected',
            status: 0,
            zh: String(of.error),
            en: String(of.error),
            requestId: null,
            details: {},
          }
        }
        retry={() => void of.refetch()}
      />
    );
  return <Loading {...(lines ? { lines } : {})} />;
}
