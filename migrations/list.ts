/** The migrations in order. A migration that has been released is never edited; a new one is added. */
import { Journal } from './0001-journal.ts';
import { Parties } from './0002-parties.ts';
import { Projects } from './0003-projects.ts';
import { Policies } from './0004-policies.ts';
import { Tenders } from './0005-tenders.ts';
import { Witness } from './0006-witness.ts';
import { Evaluations } from './0007-evaluations.ts';
import { Awards } from './0008-awards.ts';
import { Openings } from './0009-openings.ts';
import { UploadWriter } from './0010-upload-writer.ts';
import { Gazette } from './0011-gazette.ts';
import { Desk } from './0012-desk.ts';

export const migrations = [
  { name: '0001-journal', class: Journal },
  { name: '0002-parties', class: Parties },
  { name: '0003-projects', class: Projects },
  { name: '0004-policies', class: Policies },
  { name: '0005-tenders', class: Tenders },
  { name: '0006-witness', class: Witness },
  { name: '0007-evaluations', class: Evaluations },
  { name: '0008-awards', class: Awards },
  { name: '0009-openings', class: Openings },
  { name: '0010-upload-writer', class: UploadWriter },
  { name: '0011-gazette', class: Gazette },
  { name: '0012-desk', class: Desk },
];
