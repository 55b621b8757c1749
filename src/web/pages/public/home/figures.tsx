/** The log's state and the four figures of the year. */
import type { ReactNode } from 'react';
import { useApi } from '../../../api/provider.tsx';
import { clockTime, epochOf, tenThousands } from '../../../i18n/format.ts';
import { A, useSpeech } from '../../../i18n/provider.tsx';
import { Card, Chip, Facts } from '../../../kit/elements.tsx';
import { Reading } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';

export function LogCard({ t }: { t: Text }) {
  const found = useApi('GET /api/statistics', {});
  return (
    <Card
      title={t.log}
      side={
        <Chip tone="ok" dot>
          {t.logOk}
        </Chip>
      }
      footer={<A to="/guide">{t.how}</A>}
    >
      <Reading of={found}>
        {({ log, rejectedToday }) => (
          <div className="yg-stack">
            <Facts
              rows={[
                [t.logSize, Number(log.size).toLocaleString('en')],
                [t.checkpoint, log.checkpointAt ? clockTime(epochOf(log.checkpointAt)) : t.none],
                [t.witnesses, log.witnessed ? t.witnessed(log.witnesses) : t.unwitnessed],
                [t.rejected, rejectedToday.late + rejectedToday.invalid],
              ]}
            />
            <p className="small muted">{t.logHelp}</p>
          </div>
        )}
      </Reading>
    </Card>
  );
}

function Figure({ name, value, unit }: { name: string; value: ReactNode; unit: string }) {
  return (
    <div>
      <span className="muted">{name}</span>
      <br />
      <b className="num">{value}</b> {unit}
    </div>
  );
}

export function Figures({ t }: { t: Text }) {
  const { language } = useSpeech();
  const { data } = useApi('GET /api/statistics', {});
  if (!data) return null;
  const { projects, awards } = data;
  const [sum = '', unit = ''] =
    language === 'zh' ? tenThousands(awards.sumFen, 'zh').split(' ') : [tenThousands(awards.sumFen, 'en'), ''];
  return (
    <div className="yg-card home-figures">
      <Figure name={t.figures.projects} value={projects.total} unit={t.unit.projects} />
      <Figure name={t.figures.awards} value={sum} unit={unit} />
      <Figure
        name={t.figures.saving}
        value={awards.meanSavingPercent ?? t.none}
        unit={awards.meanSavingPercent ? t.unit.saving : ''}
      />
      <Figure
        name={t.figures.days}
        value={awards.medianDaysToAward ?? t.none}
        unit={awards.medianDaysToAward ? t.unit.days : ''}
      />
    </div>
  );
}
