import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Duties',
  lead: 'You witness, you record, you may stop; you decide nothing.',
  open: 'Waiting for you',
  later: 'Later steps',
  done: 'All signed',
  none: 'No step waits for you now. It appears here when the host puts you on duty.',
  kinds: { opening: 'Opening', lot: 'Evaluation and award', project: 'Evaluation and award' },
  signed: (n, all) => `${n} of ${all} signed`,
  stopped: 'Stopped; waits for the supervisor',
  begin: 'Open',
  next: (step) => `Next: ${step}`,
  deadline: 'Deadline',
};

export default text;
