import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Check a document',
  description: 'Drop a PDF document and check it on your own device.',
  lead: 'The file does not leave your device; your browser does the checking.',
  drop: 'Drop the PDF here',
  or: 'or click to choose a file · nothing is uploaded',
  byNumber: 'Find by number',
  number: 'Number (page head, beside the QR code)',
  find: 'Find',
  steps: {
    signature: 'The signature is valid, nothing was changed',
    issued: 'This centre issued it',
    log: 'It stands in the public log under a signed checkpoint',
    facts: 'It says what the public log says',
    signer: 'The signer leads to a trusted root',
  },
  working: 'Checking…',
  verdicts: {
    genuine: 'This document is genuine',
    'not-genuine': 'This is not what the centre issued',
    unknown: 'It cannot be judged now',
  },
  reasons: {
    genuine: 'Signature, contents and public log agree.',
    'not-genuine': 'Do not believe this file. It may have been changed, or the centre never issued it.',
    unknown:
      'The network is down, or the record waits for a checkpoint. Try again later; until then do not take it for true.',
  },
  detail: 'Detail',
  signedAt: 'Signed at',
  entry: 'Log entry',
  hash: 'SHA-256 of the file',
  own: 'Check it without this site',
  ownHelp: 'Compare the hash, and let other programs check the signature:',
  found: (number) => `Issued under number ${number}`,
  none: (number) =>
    `Nothing was issued under number ${number}. If the number is right, your file is not from this centre.`,
  original: 'Download the original (PDF)',
  tooBig: 'The file is larger than 64 MB and no document of this centre.',
  rootsHelp: 'The trusted roots come from this site. Get them from elsewhere too and compare.',
};

export default text;
