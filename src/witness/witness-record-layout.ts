/** 见证记录: what the witness on duty checked, found and refused at each step; the witness takes no part in decisions. */
import type { WitnessRecordFacts } from '../formats/certificate-facts.ts';
import type { WitnessStep } from '../formats/witness-record.ts';
import { type CertificateLayout, type Page, timeInWords } from '../platform/pdf/index.ts';

const steps: Readonly<Record<WitnessStep, { readonly zh: string; readonly en: string }>> = {
  close: { zh: '封存', en: 'Close' },
  release: { zh: '交出钥匙份额', en: 'Release of the shares' },
  opening: { zh: '开启', en: 'Opening' },
  announcement: { zh: '公布', en: 'Announcement' },
  'evaluation-entry': { zh: '进入评标', en: 'Entry to the evaluation' },
  'evaluation-end': { zh: '评标结束', en: 'End of the evaluation' },
  award: { zh: '定标', en: 'Award' },
};

const results = { conforms: '符合', deviates: '不符', 'not-checked': '未核' } as const;

/** The layout with the photographs at hand, by SHA-256; a photograph that is not given is named by its hash only. */
export function witnessRecordLayout(photos: ReadonlyMap<string, Uint8Array>): CertificateLayout<WitnessRecordFacts> {
  return {
    title: { zh: '现场见证记录', en: 'Witness Record' },
    draw: (page, facts) => {
      page.facts([
        { label: { zh: '项目', en: 'Project' }, value: facts.project.name, note: facts.project.code, strong: true },
        { label: { zh: '标段', en: 'Lots' }, value: facts.lots.map((lot) => lot.name).join('、') },
        {
          label: { zh: '见证环节', en: 'Steps' },
          value: `${facts.steps.length} 项记录，其中 ${facts.steps.filter(deviates).length} 项有不符`,
          note: '见证人只核对和记录，不参与决定 The witness checks and records, and takes no part in any decision',
        },
      ]);
      for (const step of facts.steps) drawStep(page, step, photos);
    },
  };
}

type Step = WitnessRecordFacts['steps'][number];

const deviates = (step: Step) => step.checked.some((check) => check.result === 'deviates');

function drawStep(page: Page, step: Step, photos: ReadonlyMap<string, Uint8Array>): void {
  const { zh, en } = steps[step.step];
  page.section({ zh: step.seq === 1 ? zh : `${zh}（补充 ${step.seq - 1}）`, en });
  page.facts([
    { label: { zh: '见证人', en: 'Witness' }, value: step.witness.name, note: step.witness.certSha256 },
    { label: { zh: '签署时间', en: 'Signed' }, value: timeInWords(step.recordedAt) },
    { label: { zh: '记录指纹', en: 'Record (SHA-256)' }, value: step.recordSha256, code: true },
  ]);
  page.table({
    summary: `${zh}：核对事项与结果`,
    columns: [
      { head: { zh: '核对事项', en: 'Checked' }, share: 4.5 },
      { head: { zh: '结果', en: 'Result' }, share: 1, align: 'center' },
      { head: { zh: '说明', en: 'Remark' }, share: 4 },
    ],
    rows: step.checked.map(({ item, result, remark }) => [item, results[result], remark]),
  });
  const said = [
    { label: { zh: '发现', en: 'Found' }, value: step.found },
    { label: { zh: '制止', en: 'Refused' }, value: step.refused },
    { label: { zh: '备注', en: 'Note' }, value: step.note },
    ...step.stops.map((stop) => ({
      label: { zh: '中止', en: 'Stopped' },
      value: `${timeInWords(stop.at)} ${stop.reason}`,
      note: `${timeInWords(stop.liftedAt)} 恢复：${stop.liftReason}`,
    })),
  ].filter(({ value }) => value !== '');
  if (said.length > 0) page.facts(said);
  for (const [i, photo] of step.photos.entries()) {
    const bytes = photos.get(photo.sha256);
    const caption = `照片 ${i + 1}　SHA-256 ${photo.sha256}`;
    if (bytes) page.picture({ bytes, caption, alt: `${zh} 现场照片 ${i + 1}`, width: 260 });
    else page.paragraph({ zh: `${caption}（原件另存）` });
  }
}
