/** What the site promises to people who use it differently. */
import { Card } from '../../../kit/elements.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title, description: t.description });

export default function Accessibility({ t }: PageProps<Text>) {
  return (
    <div className="yg-stack">
      <h1>{t.title}</h1>
      <Card>
        <div className="yg-stack">
          {t.paragraphs.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <p className="strong">{t.problem}</p>
        </div>
      </Card>
    </div>
  );
}
