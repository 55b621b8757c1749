import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Run the evaluation',
  acts: {
    begin: ['Begin the evaluation', 'Fixes tenders, ceiling and scheme. ', 'They do not change afterwards.'],
    settle: ['Settle the review', 'Rejections follow the majority. ', 'Scoring begins.'],
    ranking: ['Compute the ranking', 'Computed from the locked sheets by formula. ', 'Result and each step are kept.'],
    report: ['Draft the report', 'Members begin to sign. ', 'Sheets cannot be reopened.'],
    finish: ['Finish the evaluation', 'The PDF of the report is issued. ', 'The evaluation ends for good.'],
  },
  form: 'Form the committee',
  formFacts: ['Names stay secret until the result. ', 'Afterwards members are replaced one by one, with a reason.'],
  choose: 'Choose experts',
  chosen: (n) => `${n} chosen`,
  members: 'Committee',
  seat: (n) => `Seat ${n}`,
  reviewed: 'Reviewed',
  locked: 'Sheet locked',
  answers: { signed: 'Signed the report', dissent: 'Dissents' },
  waits: 'Awaited',
  ranked: 'Ranking',
  nothing: 'The evaluation is over.',
  pdf: 'Evaluation report (PDF)',
};

export default text;
