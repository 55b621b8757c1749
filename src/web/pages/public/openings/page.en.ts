import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Openings',
  description: 'Openings of today and to come; anyone can watch.',
  help: 'Openings are public; no log-in is needed to watch. Before the deadline nobody knows how many tenders there are.',
  none: 'No opening is set yet. They appear here when projects are published.',
  watch: 'Watch',
  view: 'Enter the hall',
  states: { coming: 'To come', now: 'Opening now', ended: 'Ended' },
  quorum: (k, n) => `${k} of ${n} keys open`,
  room: 'Room',
  calendar: 'Add to calendar (iCal)',
  stopped: 'Terminated',
};

export default text;
