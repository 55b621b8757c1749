/** The migrations in order. A migration that has been released is never edited; a new one is added. */
import { Journal } from './0001-journal.ts';
import { Witness } from './0006-witness.ts';
import { Evaluations } from './0007-evaluations.ts';
import { Awards } from './0008-awards.ts';

export const migrations = [
  { name: '0001-journal', class: Journal },
  { name: '0006-witness', class: Witness },
  { name: '0007-evaluations', class: Evaluations },
  { name: '0008-awards', class: Awards },
];
