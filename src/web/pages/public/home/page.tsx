/** Home: what happens today, what is new, and how to check it. */
import './page.css';
import { useApi } from '../../../api/provider.tsx';
import { pathIn } from '../../../i18n/language.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Button, Card } from '../../../kit/elements.tsx';
import { Shield } from '../../../kit/icons.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import { Figures, LogCard } from './figures.tsx';
import { Halls, Notices, Results } from './lists.tsx';
import type { Text } from './page.zh.ts';
import { halls, notices, results } from './reads.ts';

export const load = async ({ prefetch }: LoadContext): Promise<undefined> => {
  await Promise.all([
    prefetch('GET /api/projects', notices),
    prefetch('GET /api/halls', halls),
    prefetch('GET /api/gazette', results),
    prefetch('GET /api/statistics', {}),
  ]);
  return undefined;
};
export const head = (t: Text): Head => ({ title: t.title, description: t.description });

export default function Home({ t }: PageProps<Text>) {
  const { language, words } = useSpeech();
  const open =
    useApi('GET /api/projects', notices).data?.facets.phases.find(({ phase }) => phase === 'open')?.count ?? 0;
  const today = useApi('GET /api/halls', halls).data;
  const day = today?.now.slice(0, 10);
  const count =
    today?.halls.filter(({ deadline, terminated }) => deadline.slice(0, 10) === day && !terminated).length ?? 0;
  return (
    <div className="yg-stack">
      <div className="home-head">
        <h1>
          {t.headline(count, open).map((phrase) => (
            <span key={phrase} className="phrase">
              {phrase}
            </span>
          ))}
        </h1>
        <p className="muted">{t.lead}</p>
        <form action={pathIn(language, '/notices')} className="home-search">
          <input className="yg-input" type="search" name="q" aria-label={words.search} placeholder={t.placeholder} />
          <Button kind="primary" type="submit">
            {words.search}
          </Button>
        </form>
      </div>
      <div className="yg-columns">
        <div className="yg-stack">
          <Halls t={t} />
          <Notices t={t} />
          <Results t={t} />
        </div>
        <div className="yg-stack">
          <Card title={t.check} side={<Shield size={20} />}>
            <div className="yg-stack">
              <p>{t.checkHelp}</p>
              <A to="/check" className="yg-button wide">
                {t.checkOpen}
              </A>
            </div>
          </Card>
          <LogCard t={t} />
          <Card title={t.first} flush>
            <ul className="yg-rows">
              <li>
                <A to="/login">{t.bid}</A>
              </li>
              <li>
                <A to="/guide">{t.how}</A>
              </li>
            </ul>
          </Card>
        </div>
      </div>
      <Figures t={t} />
    </div>
  );
}
