/** 中标通知书 (TL 45): the letter to the successful bidder; it binds both sides. */
import type { AwardNoticeFacts } from '../formats/certificate-facts.ts';
import { amountInWords, type CertificateLayout, dayInWords, timeInWords, yuanText } from '../platform/pdf/index.ts';

export const noticeLayout: CertificateLayout<AwardNoticeFacts> = {
  title: { zh: '中标通知书', en: 'Award Notice' },
  draw: (page, facts) => {
    const { winner, project, lots, tenderer } = facts;
    page.statement({ zh: '致', en: 'To' }, winner.organisation.name, `统一社会信用代码 ${winner.organisation.uscc}`);
    page.paragraph({
      zh: `你方就${project.name}（${project.code}）“${lots.map((lot) => lot.name).join('、')}”递交的投标文件已被招标人接受，确定为中标人。`,
      en: 'Your tender has been accepted by the tenderer and you are the successful bidder.',
    });
    page.facts([
      {
        label: { zh: '中标价', en: 'Award price' },
        value: yuanText(winner.priceFen),
        note: amountInWords(winner.priceFen),
        strong: true,
      },
      ...(winner.durationDays === null
        ? []
        : [{ label: { zh: '工期', en: 'Duration' }, value: `${winner.durationDays} 日历天` }]),
      ...(winner.quality ? [{ label: { zh: '质量', en: 'Quality' }, value: winner.quality }] : []),
      ...(winner.manager ? [{ label: { zh: '项目负责人', en: 'Project manager' }, value: winner.manager }] : []),
      { label: { zh: '招标人', en: 'Tenderer' }, value: tenderer.name, note: tenderer.uscc },
      { label: { zh: '定标时间', en: 'Awarded' }, value: timeInWords(facts.awardedAt) },
      {
        label: { zh: '签约期限', en: 'Contract by' },
        value: `${dayInWords(facts.contractBy)}前（含当日）`,
        note: '自中标通知书发出之日起 30 日内（招标投标法 第四十六条）',
      },
      { label: { zh: '中标投标文件', en: 'Tender' }, value: winner.manifestSha256, code: true },
    ]);
    page.paragraph({
      zh: '请在签约期限内与招标人按照招标文件和你方投标文件订立书面合同；招标文件要求提交履约保证金的，请按其要求提交。中标通知书发出后，招标人改变中标结果，或者中标人放弃中标项目的，应当依法承担法律责任。',
      en: 'Conclude the written contract within this time, on the terms of the tender documents and of your tender. After this notice whoever changes or gives up the award is liable (TL 45).',
    });
  },
};
