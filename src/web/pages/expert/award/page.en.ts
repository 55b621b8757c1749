import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Award',
  candidates: 'Candidates',
  none: 'No candidates are published yet; they can be once the report is issued.',
  objections: 'Objections',
  noObjections: 'None.',
  answerText: 'Answer',
  outcomes: { rejected: 'Without merit', upheld: 'Upheld' },
  answered: 'Answered',
  answerBy: 'Answer by',
  lastDay: 'Published until',
  publish: ['Publish the candidates', 'Candidates and prices are public for 3 days. ', 'This cannot be withdrawn.'],
  answer: ['Answer the objection', 'The answer enters the public log (its hash only). ', 'It cannot be changed.'],
  award: ['Award to the first candidate', 'The result is public. ', 'It cannot be taken back.'],
  notice: ['Issue the award notice', 'The notice binds by law. ', 'Changing the result afterwards has consequences.'],
  report: ['Record the written report', 'Records that the supervisor was told. ', 'It cannot be taken back.'],
  certificate: ['Issue the result certificate', 'Anybody can check it. ', 'It cannot be changed.'],
  documents: 'Issued documents',
  kinds: { 'award-notice': 'Award notice', 'result-certificate': 'Result certificate' },
};

export default text;
