/** Facts of each kind of certificate, for tests of documents. */
import { noticeLayout } from '../../src/awards/notice-layout.ts';
import { resultLayout } from '../../src/awards/result-layout.ts';
import type {
  AwardNoticeFacts,
  OpeningRecordFacts,
  ResultCertificateFacts,
  WitnessRecordFacts,
} from '../../src/formats/certificate-facts.ts';
import type { SigningKey } from '../../src/formats/cms.ts';
import { openingRecordLayout } from '../../src/openings/opening-record-layout.ts';
import { certificate, type IssuedCertificate } from '../../src/platform/pdf/index.ts';
import { witnessRecordLayout } from '../../src/witness/witness-record-layout.ts';

export const sampleHash = '89333bc71f02c647533ab52e592ad22c609728f12eabff6fda0920109db40401';

const names = [
  '江城市第一建筑工程集团有限公司',
  '华中路桥建设股份有限公司',
  '长江水利水电工程有限责任公司',
  '楚天市政园林建设有限公司',
  '东湖建工（集团）有限公司',
];
const organisations = names.map((name, i) => ({ id: `org-${i + 1}`, name, uscc: `9142010000000000${i}X` }));
const prices = ['4860000000', '4912000050', '4888812300', '5001000000'];
const [first] = organisations as [{ id: string; name: string; uscc: string }];

const head = <Kind extends string>(kind: Kind, number: string) => ({
  type: 'yangguang.org/certificate/v1' as const,
  kind,
  number,
  project: { id: 'project-1', code: 'ZS-2026-GC-0001', name: '江城市滨江大道改造工程施工' },
  lots: [{ id: 'lot-1', name: '二标段（K3+200 至 K6+850）' }],
  issuer: '江城市公共资源交易中心',
  issuedAt: '2026-12-01T01:00:00.000000Z',
  checkUrl: `https://ggzy.jiangcheng.example/check/${number}`,
  journal: [
    { index: '1284', leafSha256: sampleHash, kind: 'announced' },
    { index: '1420', leafSha256: sampleHash, kind: 'candidates-published' },
  ],
});
const tenderer = { id: 'org-t', name: '江城市城市建设投资有限公司', uscc: '91420100000000009X' };
const winner = {
  organisation: first,
  manifestSha256: sampleHash,
  rank: 1,
  priceFen: prices[0]!,
  durationDays: 420,
  quality: '合格',
  manager: '李建国',
};

export const sampleNotice: AwardNoticeFacts = {
  ...head('award-notice', 'ZS-2026-GC-0001-2-ZBTZ'),
  tenderer,
  winner,
  awardedAt: '2026-12-01T01:00:00.000000Z',
  contractBy: '2026-12-31',
};

export const sampleResult: ResultCertificateFacts = {
  ...head('result-certificate', 'ZS-2026-GC-0001-2-ZBJG'),
  tenderer,
  winner,
  openedAt: '2026-11-24T01:05:00.000000Z',
  reportSha256: sampleHash,
  rankingSha256: sampleHash,
  candidates: organisations.slice(0, 3).map((organisation, i) => ({
    rank: i + 1,
    organisation,
    manifestSha256: sampleHash,
    priceFen: prices[i]!,
    total: '93.42',
  })),
  publicity: { publishedAt: '2026-11-25T02:00:00.000000Z', lastDay: '2026-11-30' },
  objections: { filed: 1, answered: 1 },
  passedOver: [],
  awardedAt: '2026-12-01T01:00:00.000000Z',
  noticeSha256: sampleHash,
};

export const sampleOpening: OpeningRecordFacts = {
  ...head('opening-record', 'ZS-2026-GC-0001-KB'),
  opening: 'opening-1',
  place: '第二开标室',
  mode: 'quorum',
  deadline: '2026-11-24T01:00:00.000000Z',
  closes: [
    {
      lot: 'lot-1',
      outcome: 'announced',
      setSha256: sampleHash,
      policySha256: sampleHash,
      standing: organisations.length,
      notStanding: { superseded: 1, withdrawn: 1, late: 1 },
      closedAt: '2026-11-24T01:00:06.000000Z',
      releasedAt: '2026-11-24T01:02:00.000000Z',
      announcedAt: '2026-11-24T01:05:00.000000Z',
    },
  ],
  ceilings: [{ lot: 'lot-1', ceilingFen: '5100000000' }],
  officers: [
    { lot: 'lot-1', x: 1, role: 'host', name: '王敏', releasedAt: '2026-11-24T01:01:00.000000Z' },
    { lot: 'lot-1', x: 2, role: 'supervisor', name: '赵琳', releasedAt: null },
  ],
  tenders: organisations.map((organisation, i) => ({
    lot: 'lot-1',
    manifestSha256: sampleHash,
    organisation,
    ...(i === 4
      ? {
          result: 'invalid',
          code: 'share-hash-bidder',
          priceFen: null,
          durationDays: null,
          quality: null,
          manager: null,
        }
      : { result: 'opened', code: null, priceFen: prices[i]!, durationDays: 420, quality: '合格', manager: '李建国' }),
  })),
  objections: [],
  signatures: [{ role: 'host', name: '王敏', certSha256: sampleHash, at: '2026-11-24T01:30:00.000000Z' }],
};

export const sampleWitness: WitnessRecordFacts = {
  ...head('witness-record', 'ZS-2026-GC-0001-JZ'),
  steps: [
    {
      subjectKind: 'lot',
      subject: 'lot-1',
      step: 'award',
      seq: 1,
      recordSha256: sampleHash,
      witness: { name: '刘洋', certSha256: sampleHash },
      recordedAt: '2026-12-01T01:31:00.000000Z',
      checked: [{ item: '候选人顺序与评标报告一致', result: 'conforms', remark: '' }],
      found: '',
      refused: '',
      note: '',
      photos: [{ sha256: sampleHash, bytes: 68, mediaType: 'image/png' }],
      stops: [],
    },
  ],
};

/** A PNG of four by four pixels. */
export const samplePhoto = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR4nGPgjs2GIwbiOABRIw0xE25aRgAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** One signed document of each kind. */
export async function sampleCertificates(key: SigningKey): Promise<Record<string, IssuedCertificate>> {
  const photos = new Map([[sampleHash, samplePhoto]]);
  return {
    'award-notice': await certificate(noticeLayout, sampleNotice, key),
    'result-certificate': await certificate(resultLayout, sampleResult, key),
    'opening-record': await certificate(openingRecordLayout, sampleOpening, key),
    'witness-record': await certificate(witnessRecordLayout(photos), sampleWitness, key),
  };
}
