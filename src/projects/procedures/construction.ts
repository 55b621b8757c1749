/** Construction tenders, open and invited, for works, goods, survey and design, and other services. */
import { awardRules } from './construction-award.ts';
import { row, TL, TR } from './construction-sources.ts';
import { constructionStages } from './construction-stages.ts';
import { tenderingRules } from './construction-tendering.ts';
import type { Procedure, Rule } from './rule-table.ts';

const fenOfYuan = 100;

const invitation: readonly Rule[] = [
  row({
    code: 'fewest-invited',
    value: 3,
    unit: 'count',
    kind: 'at-least',
    counts: 'invitations',
    source: TL('十七', '17'),
    zh: '应向三个以上具备能力、资信良好的单位发出投标邀请书',
    en: 'At least three able organisations are invited',
  }),
  row({
    code: 'invitation-ground',
    value: 1,
    unit: 'switch',
    kind: 'exactly',
    counts: 'registration',
    source: TR('八', '8'),
    zh: '依法必须招标的采用邀请招标须有法定情形并经批准',
    en: 'A mandatory tender by invitation needs a lawful ground and its approval',
  }),
];

/** Absolute cap of the bond; the lower of cap and percentage binds. */
const bondCap = (yuan: number, source: readonly [string, string]): Rule =>
  row({
    code: 'bond-cap',
    value: yuan * fenOfYuan,
    unit: 'fen',
    kind: 'at-most',
    counts: 'lot',
    source,
    zh: '投标保证金的最高限额',
    en: 'Absolute cap of the bid bond',
    checked: false,
  });

/** From this estimate on a project of the mandatory kinds must be tendered (发改委 2018 no. 16). */
const mandatoryFrom = (yuan: number): Rule =>
  row({
    code: 'mandatory-from',
    value: yuan * fenOfYuan,
    unit: 'fen',
    kind: 'threshold',
    counts: 'estimate',
    source: ['必须招标的工程项目规定（2018年第16号令）第五条', 'Order 16 of 2018 art. 5'],
    from: '2018-06-01',
    zh: '属于必须招标范围的，达到此估算价应当招标',
    en: 'Projects of the mandatory kinds are tendered from this estimate on',
  });

const subjects = [
  {
    subject: 'works',
    zh: '工程施工',
    en: 'works',
    letters: 'GC',
    own: [mandatoryFrom(4_000_000), bondCap(800_000, ['工程建设项目施工招标投标办法第三十七条', 'Order 30 art. 37'])],
  },
  {
    subject: 'goods',
    zh: '工程货物',
    en: 'goods',
    letters: 'HW',
    own: [mandatoryFrom(2_000_000), bondCap(800_000, ['工程建设项目货物招标投标办法第二十七条', 'Order 27 art. 27'])],
  },
  {
    subject: 'design',
    zh: '勘察设计',
    en: 'survey and design',
    letters: 'SJ',
    own: [
      mandatoryFrom(1_000_000),
      bondCap(100_000, ['工程建设项目勘察设计招标投标办法第二十四条', 'Order 2 art. 24']),
    ],
  },
  // Supervision and other services have no absolute cap, only the percentage of TR 26.
  {
    subject: 'services',
    zh: '监理等服务',
    en: 'supervision and other services',
    letters: 'FW',
    own: [mandatoryFrom(1_000_000)],
  },
] as const;

/** Eight transaction types: `construction-open-works` and so on. */
export const construction: readonly Procedure[] = subjects.flatMap(({ subject, zh, en, letters, own }) =>
  ([false, true] as const).map(
    (invited): Procedure => ({
      type: `construction-${invited ? 'invited' : 'open'}-${subject}`,
      zh: `${zh}${invited ? '邀请招标' : '公开招标'}`,
      en: `${invited ? 'Invited' : 'Open'} construction tender for ${en}`,
      letters,
      invited,
      rules: [...own, ...(invited ? invitation : []), ...tenderingRules, ...awardRules],
      stages: constructionStages(invited),
    }),
  ),
);
