import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Notices',
  description: 'All tender notices by name, type and state.',
  placeholder: 'Project name or code',
  type: 'Type',
  phase: 'State',
  every: 'All',
  phases: { open: 'Open for tenders', closed: 'Closed' },
  total: (n) => `${n} projects`,
  deadline: 'Closes',
  tenderer: 'Tenderer',
  code: 'Code',
  name: 'Project',
  none: 'No project fits. Try another word, or clear the filters.',
  clear: 'Clear filters',
  more: 'Next page',
  feeds: 'Subscribe',
  terminated: 'Terminated',
};

export default text;
