/** The opening hall: close, witness, releases, opening, announcement, confirmation, record. */
import { toBase64, utf8 } from '../../formats/bytes.ts';
import { releaseLot } from '../programs/release-keys.ts';
import type { TestPerson } from './city.ts';
import type { Cast, Published } from './prepare.ts';
import { type Officer, short, until, type World } from './stage.ts';

type LotView = {
  readonly status: string;
  readonly close: { readonly setSha256: string } | null;
  readonly standing: number | null;
  readonly opened: number;
  readonly released: readonly unknown[];
};
export type OpeningView = {
  readonly lots: readonly LotView[];
  readonly barrierAt: string | null;
  readonly record: {
    readonly factsSha256: string;
    readonly pdf: { readonly sha256: string; readonly number: string } | null;
  } | null;
};
type PriceLine = {
  readonly manifestSha256: string;
  readonly result: string;
  readonly code: string | null;
  readonly offer: { readonly priceFen: string } | null;
};

/** The host puts the witness on duty for all steps. */
export async function roster({ host, witness }: Cast, { opening, project, lot }: Published): Promise<void> {
  const duty = { project, person: witness.id };
  await host.client.call('POST', `/api/witness/${opening}/duty`, {
    ...duty,
    subjectKind: 'opening',
    steps: ['close', 'release', 'opening', 'announcement'],
  });
  await host.client.call('POST', `/api/witness/${lot}/duty`, {
    ...duty,
    subjectKind: 'lot',
    steps: ['evaluation-entry', 'evaluation-end', 'award'],
  });
}

/** The witness writes what was checked and found of a step, signs it, and thereby lets the next one begin. */
export async function witnessStep(
  world: Pick<World, 'now'>,
  { client }: TestPerson,
  subject: string,
  step: string,
  items: readonly string[],
): Promise<void> {
  const written = {
    checked: items.map((item) => ({ item, result: 'conforms', remark: '' })),
    found: '未发现异常。',
    refused: '',
    note: '',
    photos: [],
    claimedAt: world.now().toString({ smallestUnit: 'microsecond' }),
  };
  const { record } = await client.call<{ record: string }>('POST', `/api/witness/${subject}/${step}/draft`, written);
  await client.call('POST', `/api/witness/${subject}/${step}/record`, {
    record: toBase64(utf8(record)),
    signature: client.sign(utf8(record)),
  });
}

/** From the barrier to the signed opening record. */
export async function openHall(world: World, cast: Cast, published: Published): Promise<PriceLine[]> {
  const prices = await openTenders(world, cast, published);
  await world.advanceTo(later(world.now().toString(), 11 * 60));
  await drawUpRecord(world, cast, published);
  await signRecord(world, cast, published, ['host', 'witness']);
  return prices;
}

/** From the barrier to the prices that the bidders have confirmed. */
export async function openTenders(world: World, cast: Cast, published: Published): Promise<PriceLine[]> {
  const { tell } = world;
  const { opening, lot } = published;
  const { host, witness } = cast;
  const view = () => host.client.call<OpeningView>('GET', `/api/openings/${opening}`);
  const ofLot = (seen: OpeningView) => seen.lots[0] as LotView;
  await world.advanceTo(later(published.deadline, 6));
  const closed = await until(view, (v) => ofLot(v).status !== 'waiting', 'the close');
  tell(
    `截标锁定：有效 ${ofLot(closed).standing} 份 / closed, ${ofLot(closed).standing} standing`,
    `close set ${short(ofLot(closed).close?.setSha256 ?? '')}`,
  );
  await witnessStep(world, witness, opening, 'close', ['截标时间与公告一致', '锁定清单哈希已上屏']);
  await release(world, published);
  await until(view, (v) => ofLot(v).status === 'opened', 'the opening');
  tell('各份投标逐一开启 / every tender opened or found invalid');
  await witnessStep(world, witness, opening, 'release', ['三位开启人员到场放钥', '放钥前清单未变']);
  await witnessStep(world, witness, opening, 'opening', ['逐份开启', '无效原因已说明']);
  // Acts around the deadline may still be on their way into the log; the announcement opens every sealed leaf.
  await world.advanceTo(later(published.deadline, 30));
  await host.client.call('POST', `/api/openings/${opening}/lots/${lot}/announcement`, {});
  const prices = await host.client.call<PriceLine[]>('GET', `/api/openings/${opening}/lots/${lot}/offers`);
  for (const { result, code, offer, manifestSha256 } of prices)
    tell(
      result === 'opened' ? `唱标 ${yuan(offer?.priceFen ?? '0')} 元 / announced` : `无效：${code} / invalid`,
      `manifest ${short(manifestSha256)}`,
    );
  const confirmation = `/api/openings/${opening}/lots/${lot}/confirmation`;
  await Promise.all(cast.bidders.map(({ client }) => client.call('POST', confirmation, {}).catch(() => null)));
  await witnessStep(world, witness, opening, 'announcement', ['唱标内容与开启结果一致', '投标人已确认']);
  return prices;
}

async function release(world: World, published: Published): Promise<void> {
  // Three of the four; the tenderer's representative is not needed and could not open anything with the host alone.
  const give = async (role: Officer['role']) => {
    const officer = published.officers.find((o) => o.role === role)!;
    const attempt = () =>
      releaseLot({
        client: officer.client,
        opening: published.opening,
        lot: published.lot,
        identity: officer.identity,
        roots: world.roots,
        trust: world.trust,
        now: world.now(),
      }).catch((error: { code?: string }) => {
        // The witnesses are asked every few seconds; until they have signed the close nobody's program releases anything.
        if (error.code === 'close-not-cosigned' || error.code === 'witness-quorum') return null;
        throw error;
      });
    const done = await until(attempt, (result) => result !== null, 'the cosigned close');
    world.tell(`${role} 放出 ${done?.tenders} 份钥匙份额 / released`);
  };
  await Promise.all((['host', 'witness', 'supervisor'] as const).map(give));
}

/** The host draws up the opening record once the time to object is over. */
export async function drawUpRecord(world: World, { host }: Cast, { opening }: Published): Promise<void> {
  const drawn = await host.client.call<OpeningView>('POST', `/api/openings/${opening}/record`, {});
  world.tell('开标记录已形成 / opening record drawn up', `facts ${short(drawn.record?.factsSha256 ?? '')}`);
}

/** Who signs after the other issues the PDF. */
export async function signRecord(
  world: World,
  cast: Cast,
  { opening }: Published,
  signers: readonly ('host' | 'witness')[],
): Promise<void> {
  for (const role of signers) {
    const { client } = cast[role];
    const facts = await client.download(`/api/openings/${opening}/record/facts`);
    const signature = { signature: client.sign(facts) };
    const path = `/api/openings/${opening}/record/signatures`;
    const { record } = await client.call<OpeningView>('POST', path, signature);
    if (record?.pdf)
      world.tell('主持人与见证人已签署，开标记录 PDF 已签发 / signed and issued', `pdf ${short(record.pdf.sha256)}`);
  }
}

export function later(instant: string, seconds: number): string {
  return Temporal.Instant.from(instant).add({ seconds }).toString({ smallestUnit: 'microsecond' });
}

const yuan = (fen: string) => `${fen.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${fen.slice(-2)}`;
