/** All notices: a search form that works without JavaScript (its state is the address), and a table that becomes cards on phones. */
import { useSearchParams } from 'react-router';
import type { Answer, Input } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { shortTime } from '../../../i18n/format.ts';
import { pathIn } from '../../../i18n/language.ts';
import { A, useSaid, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Chip, Field, TextField } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

/** Only what the interface knows; anything else in the address is left out. */
export function queryOf(search: URLSearchParams): Input<'GET /api/projects'> {
  const [q, type, after, phase] = ['q', 'type', 'after', 'phase'].map((name) => search.get(name) || undefined);
  return {
    query: {
      limit: 20,
      ...(q ? { q } : {}),
      ...(type ? { type } : {}),
      ...(after ? { after } : {}),
      ...(phase === 'open' || phase === 'closed' ? { phase } : {}),
    },
  };
}

export const load = async ({ prefetch, query }: LoadContext): Promise<undefined> => {
  await Promise.all([prefetch('GET /api/projects', queryOf(query)), prefetch('GET /api/statistics', {})]);
  return undefined;
};
export const head = (t: Text): Head => ({ title: t.title, description: t.description });

export default function Notices({ t }: PageProps<Text>) {
  const [search] = useSearchParams();
  const found = useApi('GET /api/projects', queryOf(search));
  return (
    <div className="yg-stack">
      <div className="yg-head">
        <h1>{t.title}</h1>
        <span className="yg-actions small">
          {t.feeds} <a href="/feed.atom">Atom</a> <a href="/feed.rss">RSS</a> <a href="/calendar.ics">iCal</a>
        </span>
      </div>
      <Filters t={t} search={search} facets={found.data?.facets} />
      <Reading of={found} lines={6}>
        {(answer) => <Found t={t} answer={answer} search={search} />}
      </Reading>
    </div>
  );
}

type Facets = Answer<'GET /api/projects'>['facets'];

function Filters({ t, search, facets }: { t: Text; search: URLSearchParams; facets: Facets | undefined }) {
  const { language, words } = useSpeech();
  const said = useSaid();
  const types = useApi('GET /api/statistics', {}).data?.projects.byType ?? [];
  const countOf = (type: string) => facets?.types.find((facet) => facet.type === type)?.count ?? 0;
  return (
    <form action={pathIn(language, '/notices')} className="yg-card yg-filters">
      <TextField
        label={words.search}
        name="q"
        type="search"
        defaultValue={search.get('q') ?? ''}
        placeholder={t.placeholder}
      />
      <Field
        label={t.type}
        control={(given) => (
          <select {...given} name="type" className="yg-input" defaultValue={search.get('type') ?? ''}>
            <option value="">{t.every}</option>
            {types.map(({ type, name }) => (
              <option key={type} value={type}>
                {said(name)} ({countOf(type)})
              </option>
            ))}
          </select>
        )}
      />
      <Field
        label={t.phase}
        control={(given) => (
          <select {...given} name="phase" className="yg-input" defaultValue={search.get('phase') ?? ''}>
            <option value="">{t.every}</option>
            {Object.entries(t.phases).map(([phase, name]) => (
              <option key={phase} value={phase}>
                {name}
              </option>
            ))}
          </select>
        )}
      />
      <Button kind="primary" type="submit">
        {words.search}
      </Button>
    </form>
  );
}

type FoundProps = { t: Text; answer: Answer<'GET /api/projects'>; search: URLSearchParams };

function Found({ t, answer, search }: FoundProps) {
  const { language } = useSpeech();
  if (answer.projects.length === 0)
    return (
      <div className="yg-stack">
        <Empty>{t.none}</Empty>
        <p>
          <A to="/notices">{t.clear}</A>
        </p>
      </div>
    );
  const next = new URLSearchParams(search);
  if (answer.next) next.set('after', answer.next);
  return (
    <>
      <p className="muted">{t.total(answer.total)}</p>
      <div className="yg-card">
        <table className="yg-table yg-cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{t.name}</th>
              <th scope="col">{t.tenderer}</th>
              <th scope="col">{t.code}</th>
              <th scope="col">{t.deadline}</th>
            </tr>
          </thead>
          <tbody>
            {answer.projects.map((project) => (
              <tr key={project.id}>
                <td data-label={t.name}>
                  <span>
                    <A to={`/p/${project.code}`} className="strong">
                      {project.name}
                    </A>
                    {project.status === 'terminated' ? <Chip tone="bad">{t.terminated}</Chip> : null}
                  </span>
                </td>
                <td data-label={t.tenderer}>{project.tendererName}</td>
                <td data-label={t.code} className="nowrap">
                  {project.code}
                </td>
                <td data-label={t.deadline} className="nowrap">
                  {shortTime(project.deadline, language)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.next ? (
        <A to={`/notices?${next}`} className="yg-button">
          {t.more}
        </A>
      ) : null}
    </>
  );
}
