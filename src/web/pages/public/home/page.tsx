/** Home: what is new, and where to check. */
import { useApi } from '../../../api/provider.tsx';
import { shortTime } from '../../../i18n/format.ts';
import { pathIn } from '../../../i18n/language.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

const newest = { query: { limit: 6 } };

export const load = async ({ prefetch }: LoadContext): Promise<undefined> => {
  await prefetch('GET /api/projects', newest);
  return undefined;
};
export const head = (t: Text): Head => ({ title: t.title, description: t.description });

export default function Home({ t }: PageProps<Text>) {
  const { language, words } = useSpeech();
  const projects = useApi('GET /api/projects', newest);
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <form action={pathIn(language, '/notices')} className="yg-actions">
        <input className="yg-input" type="search" name="q" aria-label={words.search} placeholder={t.placeholder} />
        <Button kind="primary" type="submit">
          {words.search}
        </Button>
      </form>
      <Card title={t.notices} side={<A to="/notices">{t.all}</A>} flush>
        <Reading of={projects}>
          {(found) =>
            found.projects.length === 0 ? (
              <div className="body">
                <Empty>{t.none}</Empty>
              </div>
            ) : (
              <ul className="yg-rows">
                {found.projects.map((project) => (
                  <li key={project.id} className="yg-row">
                    <span className="main">
                      <A to={`/p/${project.code}`} className="strong">
                        {project.name}
                      </A>
                    </span>
                    <span className="small muted">{t.deadline(shortTime(project.deadline, language))}</span>
                  </li>
                ))}
              </ul>
            )
          }
        </Reading>
      </Card>
    </div>
  );
}
