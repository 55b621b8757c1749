/** Publicity, an objection answered, award, notice, result certificate. */
import { later, witnessStep } from './hall.ts';
import type { Cast, Published } from './prepare.ts';
import { short, type World } from './stage.ts';

type Award = {
  readonly candidates: readonly {
    readonly manifestSha256: string;
    readonly organisation: { readonly id: string; readonly name: string };
  }[];
  readonly objections: readonly { readonly id: string }[];
  readonly documents: readonly { readonly kind: string; readonly pdfSha256: string; readonly number: string }[];
};

/** From the publicity of the candidates to the certificate; answers the hashes of the documents. */
export async function award(world: World, cast: Cast, published: Published): Promise<Record<string, string>> {
  await publishCandidates(world, cast, published);
  await cast.bidders[1]!.client.call('POST', `/api/awards/${published.lot}/objections`, {
    text: '请说明第一中标候选人的业绩认定依据。',
  });
  await answerObjections(world, cast, published);
  await world.advanceTo(later(world.now().toString(), 9 * 86_400));
  return decide(world, cast, published);
}

const act = ({ tenderer }: Cast, { lot }: Published, what: string, body: unknown = {}) =>
  tenderer.client.call<Award>('POST', `/api/awards/${lot}/${what}`, body);

export async function publishCandidates(world: World, cast: Cast, published: Published): Promise<void> {
  await act(cast, published, 'publicity', { days: 3 });
  world.tell('中标候选人公示 3 日 / candidates published');
}

/** The tenderer finds the objections without merit, and says so in time. */
async function answerObjections(world: World, cast: Cast, published: Published): Promise<void> {
  const path = `/api/awards/${published.lot}/objections`;
  const { objections } = await cast.tenderer.client.call<Pick<Award, 'objections'>>('GET', path);
  const text = '业绩证明材料见投标文件第三章，已核实。';
  for (const { id } of objections) await act(cast, published, 'answers', { objection: id, outcome: 'rejected', text });
  world.tell('收到一项异议并已在期限内答复 / an objection filed and answered in time');
}

/** After the publicity: award, notice, confirmation, certificate; answers the hashes of the documents. */
export async function decide(world: World, cast: Cast, published: Published): Promise<Record<string, string>> {
  const { lot } = published;
  await witnessStep(world, cast.witness, lot, 'award', ['公示期已满', '异议已答复']);
  const shown = await cast.tenderer.client.call<Award>('GET', `/api/awards/${lot}`);
  const first = shown.candidates[0]!;
  await act(cast, published, 'award', { manifestSha256: first.manifestSha256 });
  await act(cast, published, 'notice');
  const winner = cast.bidders.find((b) => b.organisation === first.organisation.id);
  await winner?.client.call('POST', `/api/awards/${lot}/confirmation`, {});
  await act(cast, published, 'supervisor-report');
  const done = await act(cast, published, 'certificate');
  world.tell(`中标人：${first.organisation.name} / awarded`);
  for (const { kind, number, pdfSha256 } of done.documents)
    world.tell(`已签发 ${number} / issued ${kind}`, `pdf ${short(pdfSha256)}`);
  return Object.fromEntries(done.documents.map((d) => [d.kind, d.pdfSha256]));
}
