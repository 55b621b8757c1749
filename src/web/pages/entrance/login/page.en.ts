import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Log in',
  lead: 'Log in with your certificate; there is no password that could be guessed or leaked.',
  card: 'Open your certificate',
  action: 'Open and log in',
  demoTitle: 'Demo log-ins',
  demoLead: 'This is a demo: people and projects are invented. Choose who you are; one click lets you in.',
  demoEnter: (name) => `Log in as ${name}`,
  guide: 'What a certificate is',
  guideWhat:
    'A certificate is a file, like a seal: it proves that it is you who acts. Only you have the private key inside; this site has not, and cannot issue the same one again.',
  guideKeep:
    'Keep file and passphrase apart. If either is lost or leaked, tell the centre at once so that it is revoked.',
  noCertificate: 'No certificate yet?',
  enrol: 'Fetch one with an enrolment code',
  failed: 'The demo certificate did not open; try again.',
};
export default text;
