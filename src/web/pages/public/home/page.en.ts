import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Public resource trading',
  description: 'Tenders, openings, results and certificates in the open; anyone can check them.',
  headline: (halls, open) =>
    halls > 0
      ? [`${halls} openings today, `, `${open} projects take tenders.`]
      : open > 0
        ? ['No openings today, ', `${open} projects take tenders.`]
        : ['No openings today.'],
  lead: 'Every step leaves a proof. You need not believe us: check it yourself.',
  placeholder: 'Project name or code',
  today: 'Opening halls',
  allOpenings: 'All openings',
  noHalls: 'No openings within seven days. They appear here when they are set.',
  watch: 'Watch',
  view: 'View',
  hallStates: { coming: 'To come', now: 'Opening now', ended: 'Ended' },
  notices: 'New notices',
  all: 'All notices',
  deadline: (at) => `closes ${at}`,
  noNotices: 'No notices yet. They appear here when they are published.',
  results: 'Results',
  allResults: 'All results',
  noResults: 'Nothing published yet. Results appear here after evaluation.',
  check: 'Check a document',
  checkHelp: 'Drop a PDF or type its number. The file does not leave your device.',
  checkOpen: 'Check now',
  log: 'Public log',
  logOk: 'Unbroken',
  logSize: 'Entries',
  checkpoint: 'Newest checkpoint',
  witnesses: 'Outside witnesses',
  witnessed: (n) => `${n} have cosigned`,
  unwitnessed: 'none yet',
  rejected: 'Tenders rejected today',
  logHelp: 'Whoever alters or removes an old entry makes the checkpoints disagree.',
  first: 'First time here?',
  bid: 'I want to bid: from certificate to tender',
  how: 'How to check a document yourself',
  figures: { projects: 'Projects', awards: 'Awarded', saving: 'Mean saving', days: 'Notice to award' },
  unit: { projects: '', saving: '%', days: 'days' },
  none: 'none yet',
};

export default text;
