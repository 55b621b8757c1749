/** How anybody checks what happened with ordinary tools. */
import { A } from '../../../i18n/provider.tsx';
import { Card, Note } from '../../../kit/elements.tsx';
import type { Head, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title, description: t.description });

export default function Guide({ t }: PageProps<Text>) {
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <Note tone="info" title={t.roots}>
        <p className="yg-actions">
          <a href="/api/trust/roots">{t.rootsLink}</a>
          <a href="/log/vkey">{t.vkeyLink}</a>
          <A to="/check">{t.checkLink}</A>
        </p>
      </Note>
      {t.steps.map((step, i) => (
        <Card key={step.title} title={`${i + 1}. ${step.title}`}>
          <div className="yg-stack">
            <p>{step.text}</p>
            <code className="yg-pre">{step.commands}</code>
          </div>
        </Card>
      ))}
      <p className="muted">{t.more}</p>
    </div>
  );
}
