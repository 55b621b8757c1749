/**
 * What the kinds of public log entries say about a project, in plain words, and where they stand in its course. The list is
 * closed: a kind that is not here is not shown, so a new kind of entry is private to this page until somebody puts it here.
 */
import { entryNames } from '../formats/entry-names.ts';
import type { GazetteKind } from './schemas.ts';

export type KindRow = {
  /** Stage of the procedure tables. */
  readonly stage: string;
  /** Group of the board; null: only in the project's own course. */
  readonly group: GazetteKind | null;
  readonly en: string;
};

const at = (stage: string, rows: Readonly<Record<string, string | readonly [GazetteKind, string]>>) =>
  Object.entries(rows).map(([kind, row]): [string, KindRow] => [
    kind,
    typeof row === 'string' ? { stage, group: null, en: row } : { stage, group: row[0], en: row[1] },
  ]);

/**
 * By the entry's kind. Entries of tender chains are left out altogether: a late tender tells of a bidder. So are drafts and
 * duties, which say nothing to the public.
 */
export const kindRows: ReadonlyMap<string, KindRow> = new Map([
  ...at('registration', {
    'project-registered': 'Project registered',
    'project-reviewed': 'Registration reviewed by the centre',
    'policy-formed': 'Opening policy signed by all officers',
  }),
  ...at('notice', {
    'project-published': ['notice', 'Notice published'],
    'notice-changed': ['change', 'Notice changed'],
    'deadline-moved': ['change', 'Deadline moved'],
    'project-terminated': ['termination', 'Tendering terminated'],
  }),
  ...at('questions', { 'question-answered': ['change', 'Question answered'] }),
  ...at('documents-objection', {
    'documents-objection': 'Objection to the documents',
    'documents-objection-answered': ['change', 'Objection to the documents answered'],
  }),
  ...at('opening', {
    barrier: 'Deadline reached, tenders locked',
    close: 'Sealed tenders listed and fixed',
    failed: ['opening', 'Too few tenders, nothing was opened'],
    'key-released': 'An officer released the key share',
    released: 'Enough key shares released',
    announced: ['opening', 'Offers announced'],
    'opening-objection': 'Objection at the opening',
    'opening-objection-answered': 'Objection at the opening answered',
    'opening-record-signed': 'Opening record signed',
    'opening-terminated': 'Nothing more is opened',
    'witness-recorded': 'Witness record signed',
    'witness-stopped-step': 'A witness stopped the step',
    'witness-stop-lifted': 'The stop was lifted',
  }),
  ...at('evaluation', {
    'committee-formed': 'Evaluation committee formed',
    'evaluation-begun': 'Evaluation begun',
    'evaluation-finished': 'Evaluation report signed',
    'evaluation-failed': ['result', 'Evaluation ended without a candidate'],
  }),
  ...at('publicity', {
    'candidates-published': ['candidates', 'Candidates published'],
    'publicity-ended': 'Publicity ended',
    'result-objection': 'Objection to the result',
    'result-objection-answered': 'Objection to the result answered',
    'candidate-passed-over': ['candidates', 'A candidate was passed over'],
  }),
  ...at('award', {
    awarded: ['result', 'Lot awarded'],
    'award-confirmed': 'Award notice delivered',
    'award-ended': ['termination', 'Ended without an award, to be tendered again'],
    'certificate-issued-document': 'Signed document issued',
  }),
  ...at('report', { 'supervisor-reported': 'Reported to the supervisor' }),
]);

/** The kinds of a group, or all that the board shows. */
export const kindsOf = (group: GazetteKind | null): string[] =>
  [...kindRows]
    .filter(([, row]) => row.group !== null && (group === null || row.group === group))
    .map(([kind]) => kind);

/** Name of a kind in both languages. */
export const kindTitle = (kind: string) => ({
  zh: entryNames[kind] ?? kind,
  en: kindRows.get(kind)?.en ?? kind,
});
