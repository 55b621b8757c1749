import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'My tenders',
  own: 'Tenders of your organisation',
  noOwn: 'Your organisation has filed no tender and is not invited yet. Once it does or is, the lot appears here.',
  open: 'Public projects open for tenders',
  noOpen: 'No public project is open now. Projects appear here once they are announced.',
  lot: (name) => `Lot: ${name}`,
  deadline: 'Until the deadline',
  standing: { none: 'Not filed', sealed: 'Filed', withdrawn: 'Withdrawn' },
  missing: {
    none: 'Missing: seal and file',
    sealed: 'Nothing is missing. You may replace it until the deadline.',
    withdrawn: 'Withdrawn: no tender stands',
  },
  bond: 'Bond',
  over: 'Deadline passed',
  seal: 'Seal and file',
  look: 'Open',
  project: 'Announcement',
};
export default text;
