/** A project: where it stands, what comes, every record with its proof, documents, questions and results. */
import type { Answer } from '../../../api/client.ts';
import { useApi } from '../../../api/provider.tsx';
import { A, useSaid } from '../../../i18n/provider.tsx';
import { Chip } from '../../../kit/elements.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import { Answers, Documents, Downloads, Terms } from './facts.tsx';
import type { Text } from './page.zh.ts';
import { Results } from './results.tsx';
import { Course, NowCard, Stages } from './stages.tsx';

type Listed = Answer<'GET /api/projects'>;

import type { Project } from './project.ts';

const byCode = (code: string) => ({ query: { q: code, limit: 10 } });
const idOf = (listed: Listed | null | undefined, code: string) =>
  listed?.projects.find((project) => project.code === code)?.id;

export const load = async ({ prefetch, params }: LoadContext): Promise<'not-found' | undefined> => {
  const code = params.code ?? '';
  const id = idOf((await prefetch('GET /api/projects', byCode(code))) as Listed | null, code);
  if (!id) return 'not-found';
  const of = { params: { id } };
  const [project] = await Promise.all([
    prefetch('GET /api/projects/:id', of),
    prefetch('GET /api/projects/:id/timeline', of),
    prefetch('GET /api/projects/:id/course', of),
  ]);
  await Promise.all(
    ((project as Project | null)?.lots ?? []).map((lot) =>
      prefetch('GET /api/awards/:lot', { params: { lot: lot.id } }),
    ),
  );
  return undefined;
};

export function head(t: Text, read: (operation: 'GET /api/projects/:id') => unknown): Head {
  const project = read('GET /api/projects/:id') as Project | undefined;
  if (!project) return { title: t.title, noindex: true };
  return { title: project.name, description: `${project.code} · ${t.tenderer}: ${project.tendererName ?? ''}` };
}

export default function ProjectPage({ t, params }: PageProps<Text>) {
  const code = params.code ?? '';
  const listed = useApi('GET /api/projects', byCode(code));
  return (
    <Reading of={listed} lines={8}>
      {(found) => {
        const id = idOf(found, code);
        return id ? <Whole t={t} id={id} /> : <Missing t={t} />;
      }}
    </Reading>
  );
}

const Missing = ({ t }: { t: Text }) => (
  <div className="yg-stack">
    <h1>{t.none}</h1>
    <p>{t.noneHelp}</p>
    <p>
      <A to="/notices">{t.back}</A>
    </p>
  </div>
);

function Whole({ t, id }: { t: Text; id: string }) {
  const project = useApi('GET /api/projects/:id', { params: { id } });
  return (
    <Reading of={project} lines={8}>
      {(found) => (
        <div className="yg-stack">
          <Title t={t} project={found} />
          <NowCard t={t} project={found} />
          <div className="yg-columns">
            <div className="yg-stack">
              <Results t={t} project={found} />
              <Course t={t} project={found} />
              <Stages t={t} id={id} />
            </div>
            <div className="yg-stack">
              <Terms t={t} project={found} />
              <Documents t={t} project={found} />
              <Answers t={t} project={found} />
              <Downloads t={t} project={found} />
            </div>
          </div>
        </div>
      )}
    </Reading>
  );
}

function Title({ t, project }: { t: Text; project: Project }) {
  const said = useSaid();
  return (
    <div>
      <p className="yg-crumbs">
        <A to="/notices">{t.crumbs}</A> / <span className="nowrap">{project.code}</span>
      </p>
      <h1>{project.name}</h1>
      <p className="yg-actions">
        <Chip tone="primary">{said(project.typeName)}</Chip>
        {project.status === 'terminated' ? <Chip tone="bad">{t.terminated}</Chip> : null}
        <span>
          {t.tenderer}: {project.tendererName}
        </span>
        {project.agencyName ? (
          <span className="muted">
            {t.agency}: {project.agencyName}
          </span>
        ) : null}
      </p>
    </div>
  );
}
