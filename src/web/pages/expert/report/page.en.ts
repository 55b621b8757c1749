import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Evaluation report',
  crumbs: 'Evaluations',
  ranking: 'Ranking',
  rank: 'Rank',
  tenderer: 'Tenderer',
  price: 'Price',
  total: 'Total or evaluated price',
  rejected: 'Rejected tenders',
  method: 'Method',
  hash: 'Hash of the report',
  whole: 'Whole text (exactly the bytes you sign)',
  answered: { signed: 'You signed the report.', dissent: 'You handed in a written dissent.' },
  sign: 'Sign the report',
  signTitle: 'Sign the evaluation report?',
  signFacts: [
    'You agree with ranking and conclusions; the signature cannot be taken back.',
    'If you disagree, write a dissent instead.',
  ],
  dissent: 'Write a dissent',
  dissentHelp: 'Who neither signs nor states a dissent with reasons is taken to agree (TR 53).',
  dissentTitle: 'Hand in the dissent?',
  dissentFacts: [
    'Your dissent is attached to the report with your signature and cannot be taken back.',
    'You do not sign the report afterwards.',
  ],
  reasons: 'What you disagree with, and why',
  submitDissent: 'Sign and hand in',
  keyReason: 'Sign the evaluation report',
  keyReasonDissent: 'Sign the dissent',
  code: 'Code',
};

export default text;
