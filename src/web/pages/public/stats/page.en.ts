import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Statistics',
  description: 'Projects, awards and savings, computed from the public log.',
  lead: 'Every figure can be computed again from the public log.',
  projects: 'Projects',
  awards: 'Awards',
  sum: 'Sum of awards',
  saving: 'Mean saving against the ceiling',
  days: 'Notice to award (median)',
  rejected: 'Tenders rejected today',
  unit: { projects: '', days: 'days' },
  byType: 'By type',
  byMonth: 'Published by month',
  awardsByMonth: 'Awards by month',
  type: 'Type',
  published: 'Running or done',
  terminated: 'Terminated',
  total: 'Total',
  month: 'Month',
  count: 'Number',
  none: 'No data yet. They appear when the first project is published.',
  chart: (name) => `${name} (chart; the table below has the data)`,
};

export default text;
