import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Today',
  hello: (name) => `Hello, ${name}`,
  toDo: 'To do',
  waiting: 'Waiting for others',
  none: 'Nothing to do now. What falls to you appears here with its deadline.',
  until: 'Until',
  project: 'Open the project',
  open: 'Go to it',
  notices: 'Notices',
  noNotices: 'No new notices. Changes, openings and results appear here.',
  readAll: 'Mark all as read',
  law: 'Source',
  fresh: 'new',
};

export default text;
