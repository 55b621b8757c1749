/** The board of all public events, by kind, each with its proof. */
import { useSearchParams } from 'react-router';
import type { Answer, Input } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { shortTime } from '../../../i18n/format.ts';
import { A, useSaid, useSpeech } from '../../../i18n/provider.tsx';
import { Card } from '../../../kit/elements.tsx';
import { ProofBadge } from '../../../parts/proof-badge.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

type Query = NonNullable<Input<'GET /api/gazette'>['query']>;
const kinds = ['candidates', 'result', 'opening', 'change', 'termination', 'notice'] as const;

function queryOf(search: URLSearchParams): { query: Query } {
  const kind = kinds.find((known) => known === search.get('kind'));
  const page = Math.max(1, Math.floor(Number(search.get('page')) || 1));
  return { query: { page, pageSize: 20, ...(kind ? { kind } : {}) } };
}

export const load = async ({ prefetch, query }: LoadContext): Promise<undefined> => {
  await prefetch('GET /api/gazette', queryOf(query));
  return undefined;
};
export const head = (t: Text): Head => ({ title: t.title, description: t.description });

export default function Results({ t }: PageProps<Text>) {
  const [search] = useSearchParams();
  const { query } = queryOf(search);
  const found = useApi('GET /api/gazette', { query });
  const pageAt = (page: number) =>
    `/results?${new URLSearchParams({ ...(query.kind ? { kind: query.kind } : {}), page: String(page) })}`;
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.description}</p>
      </div>
      <nav className="yg-actions" aria-label={t.choose}>
        <A to="/results" className="yg-bar-link" aria-current={query.kind ? undefined : 'page'}>
          {t.all}
        </A>
        {kinds.map((kind) => (
          <A
            key={kind}
            to={`/results?kind=${kind}`}
            className="yg-bar-link"
            aria-current={query.kind === kind ? 'page' : undefined}
          >
            {t.kinds[kind]}
          </A>
        ))}
      </nav>
      <Reading of={found} lines={6}>
        {({ items, total, page = 1, pageSize }) => (
          <Card
            title={t.total(total)}
            flush
            footer={
              total > pageSize ? (
                <>
                  {page > 1 ? (
                    <A className="yg-button" to={pageAt(page - 1)}>
                      {t.previous}
                    </A>
                  ) : null}
                  {page * pageSize < total ? (
                    <A className="yg-button" to={pageAt(page + 1)}>
                      {t.next}
                    </A>
                  ) : null}
                </>
              ) : null
            }
          >
            {items.length === 0 ? (
              <div className="body">
                <Empty>{t.none}</Empty>
              </div>
            ) : (
              <ul className="yg-rows">
                {items.map((item) => (
                  <Item key={item.entryId} item={item} />
                ))}
              </ul>
            )}
          </Card>
        )}
      </Reading>
    </div>
  );
}

type ItemProps = { item: Answer<'GET /api/gazette'>['items'][number] };

function Item({ item }: ItemProps) {
  const { language } = useSpeech();
  const said = useSaid();
  return (
    <li className="yg-row">
      <span className="main">
        <A to={`/p/${item.projectCode}`} className="strong">
          {item.projectName}
          {item.lotName && item.lotName !== item.projectName ? ` · ${item.lotName}` : ''}
        </A>
        <br />
        <span>{said(item.sentence)}</span>
        <br />
        <span className="small muted">
          <span className="nowrap">{shortTime(item.at, language)}</span> ·{' '}
          <span className="nowrap">{item.projectCode}</span>
        </span>
      </span>
      <ProofBadge index={item.entryIndex} />
    </li>
  );
}
