/** The kinds of tasks, and how their texts are made: what is to do, what happens if not, the article behind it. */

export const taskKinds = [
  'file-tender',
  'give-key',
  'confirm-offer',
  'result-open-to-objection',
  'confirm-award',
  'correct-registration',
  'await-review',
  'publish-project',
  'answer-questions',
  'answer-documents-objection',
  'form-committee',
  'publish-candidates',
  'answer-result-objection',
  'make-award',
  'issue-notice',
  'report-award',
  'issue-certificate',
  'give-opening-key',
  'sign-policy',
  'pass-rehearsal',
  'release-shares',
  'review-registration',
  'assign-rooms',
  'draft-policy',
  'assign-witness',
  'set-held-up-right',
  'announce-offers',
  'answer-opening-objection',
  'draw-up-record',
  'sign-record',
  'begin-evaluation',
  'settle-review',
  'compute-ranking',
  'draft-report',
  'finish-evaluation',
  'record-step',
  'lift-stop',
  'look-at-award-report',
  'sign-pledge',
  'review-offers',
  'mark-offers',
  'answer-report',
  'decide-registration',
  'decide-binding',
  'record-guarantees',
] as const;
export type TaskKind = (typeof taskKinds)[number];
export type Text = { readonly zh: string; readonly en: string };
export type TaskText = { readonly title: Text; readonly sentence: Text; readonly law: Text | null };

export const of = (
  titleZh: string,
  titleEn: string,
  zh: string,
  en: string,
  law: readonly [string, string] | null = null,
): TaskText => ({
  title: { zh: titleZh, en: titleEn },
  sentence: { zh, en },
  law: law && { zh: law[0], en: law[1] },
});
export const tenderingLaw = (article: number): readonly [string, string] => [
  `招标投标法第${article}条`,
  `Tendering Law article ${article}`,
];
export const regulation = (article: number): readonly [string, string] => [
  `招标投标法实施条例第${article}条`,
  `Regulation on the Tendering Law article ${article}`,
];
