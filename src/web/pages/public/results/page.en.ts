import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Results and news',
  description: 'Candidates, awards, changes and terminations, each with its number in the public log.',
  kinds: {
    notice: 'Notices',
    change: 'Changes',
    opening: 'Openings',
    candidates: 'Candidates',
    result: 'Awards',
    termination: 'Terminated or failed',
  },
  all: 'All',
  none: 'Nothing of this kind yet. It appears here as soon as it happens.',
  total: (n) => `${n} items`,
  next: 'Next page',
  previous: 'Previous page',
  choose: 'Kind',
};

export default text;
