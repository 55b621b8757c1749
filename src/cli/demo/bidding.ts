/** Bidding: questions without names, sealed tenders, a replacement, a withdrawal, a late one, and one with crooked shares. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../../formats/bytes.ts';
import { canonicalBytes, parseCanonical } from '../../formats/canonical.ts';
import { signDetached } from '../../formats/cms.ts';
import { sealManifest } from '../../formats/manifest.ts';
import { openingPolicy } from '../../formats/opening-policy.ts';
import { randomBytes, sealEnvelope } from '../../sealing/index.ts';
import { type Filed, fileFromFolder, sealIntoFolder, withdraw } from '../programs/file-tender.ts';
import type { TestPerson } from './city.ts';
import { bidPapers } from './papers.ts';
import type { Cast, Published } from './prepare.ts';
import { indexOf, short, type World } from './stage.ts';

/** What each bidder of the chain offers, in fen, and what it does. */
const offers = [
  { priceFen: '985000000', durationDays: 360 },
  { priceFen: '1012000000', durationDays: 350 },
  { priceFen: '998000000', durationDays: 345, replacedBy: '962000000' },
  { priceFen: '1030000000', durationDays: 330, withdraws: true },
  { priceFen: '1005000000', durationDays: 355, late: true },
  { priceFen: '976000000', durationDays: 340, crooked: true },
  { priceFen: '990000000', durationDays: 352 },
] as const;
export const bidderCount = offers.length;

/** Everybody seals on the own machine; what goes up is unreadable, and who sends it is hidden. */
export async function bid(world: World, cast: Cast, published: Published): Promise<{ readonly receipts: string[] }> {
  const { lot } = published;
  const { tell } = world;
  const receipts: string[] = [];
  const keep = (filed: Filed) => {
    receipts.push(filed.receipt);
    return filed;
  };
  const asked = await cast.bidders[0]!.client.call<{ receipt: string }>('POST', `/api/lots/${lot}/questions`, {
    text: '图纸 S-03 与清单第 12 项的管径不一致，以何为准？',
  });
  tell('投标人不具名提问 / a question without a name', `log ${indexOf(asked.receipt)}`);
  const answer = {
    question: '图纸 S-03 与清单第 12 项的管径不一致，以何为准？',
    answer: '以图纸为准，清单第 12 项改为 DN600。',
  };
  await cast.tenderer.client.call('POST', `/api/projects/${published.project}/answers`, answer);
  for (const [i, offer] of offers.entries()) {
    const bidder = cast.bidders[i]!;
    if ('late' in offer) continue;
    const filed = keep(await fileTender(world, bidder, published, i, offer, 1, 'crooked' in offer));
    tell(
      `第 ${i + 1} 份密封投标已接收${'crooked' in offer ? '（此人分装了不一致的钥匙）' : ''} / sealed tender ${i + 1} received`,
      `log ${indexOf(filed.receipt)}, manifest ${short(filed.manifestSha256)}`,
    );
    if ('replacedBy' in offer) {
      const again = keep(await fileTender(world, bidder, published, i, { ...offer, priceFen: offer.replacedBy }, 2));
      tell(
        `第 ${i + 1} 家替换了投标 / bidder ${i + 1} replaced its tender`,
        `log ${indexOf(again.receipt)}, seq ${again.seq}`,
      );
    }
    if ('withdraws' in offer) {
      const out = keep(
        await withdraw(bidder.client, lot, join(world.folder, `bidder-${i + 1}`, 'withdrawal'), world.now()),
      );
      tell(`第 ${i + 1} 家撤回了投标 / bidder ${i + 1} withdrew`, `log ${indexOf(out.receipt)}`);
    }
  }
  return { receipts };
}

/** The clerk who comes a moment after the deadline: sealed in time, refused in time. */
export async function bidLate(world: World, cast: Cast, published: Published): Promise<void> {
  const i = offers.findIndex((o) => 'late' in o);
  const folder = join(world.folder, `bidder-${i + 1}`, 'tender-1');
  await sealFolder(world, cast.bidders[i]!, published, i, offers[i]!, folder);
  await world.advanceTo(published.deadline);
  const filed = await fileFromFolder(cast.bidders[i]!.client, published.lot, folder, world.progress);
  if (filed.outcome !== 'late') throw new Error(`a late tender was ${filed.outcome}`);
  world.tell(
    `第 ${i + 1} 家迟到，未接收，并得到中心签名的拒收凭证 / bidder ${i + 1} came late and holds a signed refusal`,
    `at ${filed.at}`,
  );
}

export type Offer = { readonly priceFen: string; readonly durationDays: number };

async function sealFolder(
  world: World,
  bidder: TestPerson,
  { lot }: Published,
  i: number,
  offer: Offer,
  folder: string,
) {
  const files = await bidPapers(join(world.folder, `bidder-${i + 1}`, 'papers'), `投标人${i + 1}`, world.megabytes);
  return sealIntoFolder({
    client: bidder.client,
    lot,
    readOut: {
      priceFen: offer.priceFen,
      durationDays: offer.durationDays,
      quality: '合格',
      manager: `项目经理${i + 1}`,
    },
    files,
    roots: world.roots,
    folder,
    passphrase: `demo passphrase ${i + 1}`,
    kitWorkFactor: 10,
    now: world.now(),
    progress: world.progress,
  });
}

/** Bidder number `i` seals its tender and files it. */
export async function fileTender(
  world: World,
  bidder: TestPerson,
  published: Published,
  i: number,
  offer: Offer,
  seq = 1,
  crooked = false,
): Promise<Filed> {
  const folder = join(world.folder, `bidder-${i + 1}`, `tender-${seq}`);
  await sealFolder(world, bidder, published, i, offer, folder);
  if (crooked) await crook(bidder, world, folder);
  return fileFromFolder(bidder.client, published.lot, folder, world.progress);
}

/** Puts another last share into its envelope and signs that: each share opens, but they do not lie on one polynomial. */
async function crook(bidder: TestPerson, world: World, folder: string): Promise<void> {
  const key = bidder.client.key;
  if (!key) throw new Error('a bidder has a key');
  const manifest = parseCanonical(sealManifest, await readFile(join(folder, 'manifest.json')));
  const answer = await bidder.client.call<{ document: string }>('GET', `/api/policies/${manifest.policy}`);
  const policy = openingPolicy.parse(JSON.parse(answer.document));
  const { suite, lot, policy: named, recipient } = manifest;
  const x = policy.officers.length;
  const y = Buffer.from(randomBytes(74)).toString('hex');
  const share = canonicalBytes({ type: 'yangguang.org/share/v1', suite, lot, policy: named, recipient, x, y });
  const envelope = await sealEnvelope(share, policy.officers[x - 1]!.recipient);
  const shares = manifest.shares.map((s) =>
    s.x === x ? { x, shareSha256: sha256Hex(share), envelopeSha256: sha256Hex(envelope), bytes: envelope.length } : s,
  );
  const bytes = canonicalBytes({ ...manifest, shares });
  await writeFile(join(folder, 'manifest.json'), bytes);
  await writeFile(join(folder, 'manifest.json.p7s'), signDetached(key, bytes, world.now()));
  await writeFile(join(folder, `share-${x}.age`), envelope);
}
