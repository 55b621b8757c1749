import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Fetch a certificate',
  lead: 'The private key is made in your browser; only a certificate request goes to the server.',
  code: 'Enrolment code',
  codeHelp: '32 characters from the administrator; it works once.',
  codeWrong: 'The code has 32 characters: digits and a to f.',
  passphrase: 'A passphrase for the certificate file',
  passphraseHelp:
    'At least 8 characters: English letters, digits and signs. Remember it: nobody can recover it for you.',
  again: 'The passphrase once more',
  differ: 'The two passphrases differ.',
  act: 'Make the key and fetch',
  doneTitle: 'The certificate is here; save it now',
  doneHelp:
    'Save the file before you leave. Otherwise the key is gone, and the administrator must give you another code.',
  save: 'Save the certificate file',
  logIn: 'To the log-in',
};
export default text;
