/** Figures of the city, each with its table; bars are our own SVG, so the page stays light. */
import { useApi } from '../../../api/provider.tsx';
import { useSaid } from '../../../i18n/provider.tsx';
import { Card, Facts } from '../../../kit/elements.tsx';
import { Bars } from '../../../parts/bars.tsx';
import { Money } from '../../../parts/money.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Head, LoadContext, PageProps } from '../../page.ts';
import type { Text } from './page.zh.ts';

export const head = (t: Text): Head => ({ title: t.title, description: t.description });
export const load = async ({ prefetch }: LoadContext): Promise<undefined> => {
  await prefetch('GET /api/statistics', {});
  return undefined;
};

export default function Statistics({ t }: PageProps<Text>) {
  const said = useSaid();
  const found = useApi('GET /api/statistics', {});
  return (
    <div className="yg-stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <Reading of={found} lines={8}>
        {({ projects, awards, rejectedToday }) => (
          <>
            <div className="yg-columns">
              <Card title={t.byMonth}>
                {projects.byMonth.length === 0 ? (
                  <Empty>{t.none}</Empty>
                ) : (
                  <Bars
                    label={t.chart(t.byMonth)}
                    bars={projects.byMonth.map(({ month, published }) => ({ name: month, value: published }))}
                  />
                )}
              </Card>
              <Card>
                <Facts
                  rows={[
                    [t.projects, `${projects.total} ${t.unit.projects}`],
                    [t.awards, `${awards.count} ${t.unit.projects}`],
                    [t.sum, <Money key="sum" fen={awards.sumFen} />],
                    [t.saving, awards.meanSavingPercent ? `${awards.meanSavingPercent} %` : '—'],
                    [t.days, awards.medianDaysToAward ? `${awards.medianDaysToAward} ${t.unit.days}` : '—'],
                    [t.rejected, rejectedToday.late + rejectedToday.invalid],
                  ]}
                />
              </Card>
            </div>
            <Card title={t.byType} flush>
              <table className="yg-table yg-cards-on-phone">
                <thead>
                  <tr>
                    <th scope="col">{t.type}</th>
                    <th scope="col" className="right">
                      {t.published}
                    </th>
                    <th scope="col" className="right">
                      {t.terminated}
                    </th>
                    <th scope="col" className="right">
                      {t.total}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {projects.byType.map((row) => (
                    <tr key={row.type}>
                      <td data-label={t.type}>{said(row.name)}</td>
                      <td data-label={t.published} className="right num">
                        {row.published}
                      </td>
                      <td data-label={t.terminated} className="right num">
                        {row.terminated}
                      </td>
                      <td data-label={t.total} className="right num">
                        {row.total}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Card>
            <Card title={t.awardsByMonth} flush>
              <table className="yg-table yg-cards-on-phone">
                <thead>
                  <tr>
                    <th scope="col">{t.month}</th>
                    <th scope="col" className="right">
                      {t.count}
                    </th>
                    <th scope="col" className="right">
                      {t.sum}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {awards.byMonth.map((row) => (
                    <tr key={row.month}>
                      <td data-label={t.month} className="num">
                        {row.month}
                      </td>
                      <td data-label={t.count} className="right num">
                        {row.count}
                      </td>
                      <td data-label={t.sum} className="right">
                        <Money fen={row.sumFen} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Card>
          </>
        )}
      </Reading>
    </div>
  );
}
