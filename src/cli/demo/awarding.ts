/** Publicity, an objection answered, award, notice, result certificate. */
import { later, witnessStep } from './hall.ts';
import type { Cast, Published } from './prepare.ts';
import { short, type World } from './stage.ts';

type Award = {
  readonly phase?: string;
  readonly publicity: { readonly lastDay: string } | null;
  readonly candidates: readonly {
    readonly manifestSha256: string;
    readonly organisation: { readonly id: string; readonly name: string };
  }[];
  readonly objections: readonly { readonly id: string }[];
  readonly documents: readonly { readonly kind: string; readonly pdfSha256: string; readonly number: string }[];
};

/** From the publicity of the candidates to the certificate; answers the hashes of the documents. */
export async function award(world: World, cast: Cast, published: Published): Promise<Record<string, string>> {
  const { lot } = published;
  const { tenderer, witness, bidders } = cast;
  const path = `/api/awards/${lot}`;
  const post = (what: string, body: unknown = {}) => tenderer.client.call<Award>('POST', `${path}/${what}`, body);
  const shown = await post('publicity', { days: 3 });
  world.tell('中标候选人公示 3 日 / candidates published');
  await bidders[1]!.client.call('POST', `${path}/objections`, { text: '请说明第一中标候选人的业绩认定依据。' });
  const { objections } = await tenderer.client.call<{ objections: readonly { readonly id: string }[] }>(
    'GET',
    `${path}/objections`,
  );
  for (const { id } of objections)
    await post('answers', { objection: id, outcome: 'rejected', text: '业绩证明材料见投标文件第三章，已核实。' });
  world.tell('收到一项异议并已在期限内答复 / an objection filed and answered in time');
  await world.advanceTo(later(world.now().toString(), 9 * 86_400));
  await witnessStep(world, witness, lot, 'award', ['公示期已满', '异议已答复']);
  const first = shown.candidates[0]!;
  await post('award', { manifestSha256: first.manifestSha256 });
  await post('notice');
  const winner = bidders.find((b) => b.organisation === first.organisation.id);
  await winner?.client.call('POST', `${path}/confirmation`, {});
  await post('supervisor-report');
  const done = await post('certificate');
  world.tell(`中标人：${first.organisation.name} / awarded`);
  const documents = Object.fromEntries(done.documents.map((d) => [d.kind, d.pdfSha256]));
  for (const { kind, number, pdfSha256 } of done.documents)
    world.tell(`已签发 ${number} / issued ${kind}`, `pdf ${short(pdfSha256)}`);
  return documents;
}
