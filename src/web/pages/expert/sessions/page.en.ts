import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Evaluations',
  none: 'You sit on no committee now. An evaluation appears here when its committee is formed.',
  open: 'Open',
  phases: {
    none: 'Not begun',
    formed: 'Committee formed; waits to begin',
    reviewing: 'Review',
    scoring: 'Scoring',
    ranked: 'Ranked; waits for the report',
    reported: 'Report to sign',
    finished: 'Complete',
    failed: 'Ended without candidates',
  },
  seat: (n) => `Seat ${n}`,
};

export default text;
