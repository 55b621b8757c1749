import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Public resource trading',
  description: 'Tenders, openings, results and certificates in the open; anyone can check them.',
  lead: 'Every step leaves a proof. You need not believe us: check it yourself.',
  placeholder: 'Project name or code',
  notices: 'New notices',
  all: 'All notices',
  deadline: (at) => `closes ${at}`,
  none: 'No notices yet. They appear here when they are published.',
};

export default text;
