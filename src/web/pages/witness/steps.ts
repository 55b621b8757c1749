/** The steps a witness stands by, in words, and what is looked at in each. The witness may add to the list. */
export const stepNames = {
  zh: {
    close: '截标锁定',
    release: '放出钥匙',
    opening: '逐份开启',
    announcement: '唱标与确认',
    'evaluation-entry': '评标入场',
    'evaluation-end': '评标结束',
    award: '定标',
  },
  en: {
    close: 'Close',
    release: 'Release of keys',
    opening: 'Opening',
    announcement: 'Announcement',
    'evaluation-entry': 'Committee enters',
    'evaluation-end': 'Evaluation ends',
    award: 'Award',
  },
} as const;
export type Step = keyof (typeof stepNames)['zh'];

/** What the steps wait for: the next act of the procedure begins only when the record is signed. */
export const afterwards = {
  zh: {
    close: '您签名后，开启人员才能放出钥匙。',
    release: '记录三位以上开启人员到场放钥。',
    opening: '您签名后，主持人才能唱标。',
    announcement: '您签名后，主持人才能形成开标记录。',
    'evaluation-entry': '您签名后，主持人才能开始评标。',
    'evaluation-end': '您签名后，主持人才能完成评标。',
    award: '您签名后，招标人才能定标。',
  },
  en: {
    close: 'Only after your signature may the officers release keys.',
    release: 'Record that three or more officers were present and released.',
    opening: 'Only after your signature may the host announce.',
    announcement: 'Only after your signature is the opening record drawn up.',
    'evaluation-entry': 'Only after your signature may the host begin the evaluation.',
    'evaluation-end': 'Only after your signature may the host finish the evaluation.',
    award: 'Only after your signature may the tenderer award.',
  },
} as const;

export const checklists = {
  zh: {
    close: ['截标时间与公告一致', '锁定清单的哈希已在大屏显示', '截标前无人知道投标家数'],
    release: ['开启人员本人到场，身份已核对', '放钥前锁定清单未变'],
    opening: ['逐份开启，顺序与清单一致', '无效的一份已说明原因'],
    announcement: ['唱标内容与开启结果一致', '投标人确认或异议已记录'],
    'evaluation-entry': ['成员身份与名单一致', '通讯工具已收存', '应回避的情形已询问'],
    'evaluation-end': ['评分表全部锁定', '报告由全体成员签名或写明不同意见'],
    award: ['公示期已满', '异议已经答复', '按候选人顺序定标'],
  },
  en: {
    close: ['Close at the announced time', 'Hash of the closed list is on the screen', 'Nobody knew the count before'],
    release: ['Officers present in person, identity checked', 'The closed list is unchanged'],
    opening: ['Opened one by one in the order of the list', 'Reasons given for any that is invalid'],
    announcement: ['Announced as opened', 'Confirmations and objections recorded'],
    'evaluation-entry': ['Members are those of the list', 'Phones handed in', 'Reasons to recuse were asked for'],
    'evaluation-end': ['All score sheets locked', 'Every member signed the report or wrote a dissent'],
    award: ['Publicity has run', 'Objections answered', 'Award follows the order of candidates'],
  },
} as const satisfies Record<'zh' | 'en', Record<Step, readonly string[]>>;
