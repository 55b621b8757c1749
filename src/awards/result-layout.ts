/** 中标结果凭证: who won what at which price, and the way that led there. */
import type { ResultCertificateFacts } from '../formats/certificate-facts.ts';
import { amountInWords, type CertificateLayout, dayInWords, timeInWords, yuanText } from '../platform/pdf/index.ts';

export const resultLayout: CertificateLayout<ResultCertificateFacts> = {
  title: { zh: '中标结果凭证', en: 'Result Certificate' },
  draw: (page, facts) => {
    const { winner, project, lots, tenderer, publicity } = facts;
    page.statement(
      { zh: '中标人', en: 'Successful bidder' },
      winner.organisation.name,
      `统一社会信用代码 ${winner.organisation.uscc}`,
    );
    page.facts([
      { label: { zh: '项目', en: 'Project' }, value: project.name, note: project.code },
      { label: { zh: '标段', en: 'Lot' }, value: lots.map((lot) => lot.name).join('、') },
      { label: { zh: '招标人', en: 'Tenderer' }, value: tenderer.name, note: tenderer.uscc },
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
      { label: { zh: '定标时间', en: 'Awarded' }, value: timeInWords(facts.awardedAt) },
    ]);
    page.section({ zh: '中标候选人', en: 'Candidates, in the order of the evaluation report' });
    page.table({
      summary: '中标候选人的名次、名称、报价与得分',
      columns: [
        { head: { zh: '名次', en: 'Rank' }, share: 0.9, align: 'center' },
        { head: { zh: '候选人', en: 'Candidate' }, share: 4.4 },
        { head: { zh: '报价（元）', en: 'Offer (CNY)' }, share: 2.2, align: 'right' },
        { head: { zh: '得分', en: 'Score' }, share: 1.3, align: 'right' },
      ],
      rows: facts.candidates.map((candidate) => [
        String(candidate.rank),
        [candidate.organisation.name, candidate.organisation.uscc],
        yuanText(candidate.priceFen).replace(' 元', ''),
        candidate.total,
      ]),
    });
    page.section({ zh: '经过', en: 'How the result came about' });
    page.facts([
      { label: { zh: '公布开标', en: 'Opened' }, value: timeInWords(facts.openedAt) },
      {
        label: { zh: '候选人公示', en: 'Publicity' },
        value: `${timeInWords(publicity.publishedAt)} 起，至${dayInWords(publicity.lastDay)} 24 时`,
        note: '公示期不少于 3 日（招标投标法实施条例 第五十四条）',
      },
      {
        label: { zh: '异议', en: 'Objections' },
        value: facts.objections.filed === 0 ? '公示期内没有异议' : `收到 ${facts.objections.filed} 件，已全部答复`,
      },
      ...facts.passedOver.map(({ organisation, reason }) => ({
        label: { zh: '未确定为中标人', en: 'Passed over' },
        value: organisation.name,
        note: `${reason}（实施条例 第五十五条）`,
      })),
      { label: { zh: '评标报告', en: 'Evaluation report' }, value: facts.reportSha256, code: true },
      { label: { zh: '评审计算', en: 'Ranking' }, value: facts.rankingSha256, code: true },
      { label: { zh: '中标通知书', en: 'Award notice' }, value: facts.noticeSha256, code: true },
      { label: { zh: '中标人投标', en: "Winner's tender" }, value: winner.manifestSha256, code: true },
    ]);
  },
};
