import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Check it yourself',
  description: 'Ordinary tools check every step, without trust in this site.',
  lead: 'You need not believe us. Each step uses ordinary tools on your own computer.',
  steps: [
    {
      title: 'Is the document genuine?',
      text: 'Compare the hash, let another program check the signature, take out the facts that machines read.',
      commands: 'sha256sum FILE.pdf\npdfsig FILE.pdf\npdfdetach -save 1 -o facts.json FILE.pdf',
    },
    {
      title: 'Was the public log altered?',
      text: "Fetch the project's public bundle, compute the root from all leaves, compare with the signed checkpoint.",
      commands: 'python3 verify.py log . "$(cat log.vkey)" $(cat witness.vkeys)',
    },
    {
      title: 'Who signed the opening policy?',
      text: 'Every officer signed it with the own certificate; none of them can open alone.',
      commands:
        'openssl cms -verify -binary -inform DER -in policy-1.json.p7s \\\n  -content policy.json -CAfile ca.pem -purpose any -out /dev/null',
    },
    {
      title: 'Was your tender dropped?',
      text: 'Check with your receipt: it must be in the set that was locked at the deadline.',
      commands: 'python3 verify.py receipt receipt.txt "$(cat log.vkey)"',
    },
    {
      title: 'The whole project at once',
      text: 'One command checks every stage; each change has a reason code.',
      commands: 'npm run verify -- bundle.tar --trust trust.json',
    },
  ],
  roots:
    'Get the trusted roots and the log key from the supervisor, a newspaper or your own earlier copy, not from this site alone.',
  more: 'All commands and the script stand in docs/check-it-yourself.md of the source; a test runs every one of them.',
  rootsLink: 'Trusted roots',
  vkeyLink: 'Log key',
  checkLink: 'Check a document here',
};

export default text;
