/** A published project of one or more lots with officers and bidders, over real HTTP, for the journeys of openings. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestPerson } from '../../src/cli/demo/city.ts';
import { later, witnessStep } from '../../src/cli/demo/hall.ts';
import { type Cast, castOf } from '../../src/cli/demo/prepare.ts';
import { type Officer, until, type World } from '../../src/cli/demo/stage.ts';
import { type Filed, fileFromFolder, sealIntoFolder } from '../../src/cli/programs/file-tender.ts';
import { giveOpeningKey, releaseLot, signPolicy } from '../../src/cli/programs/release-keys.ts';
import { saveBundle } from '../../src/cli/programs/save-bundle.ts';
import { silent } from '../../src/cli/progress.ts';
import { nativePrimitives } from '../../src/platform/age-primitives.ts';
import { generateIdentity, identityToRecipient } from '../../src/sealing/index.ts';
import { folderBundle } from '../../src/verify/node-folder.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { verify } from '../../src/verify/verify.ts';
import { startApp, type TestApp } from './app.ts';
import { openWorld } from './world.ts';

export type Mode = 'quorum' | 'bidder' | 'bidder-then-quorum';
export type Course = { readonly app: TestApp; readonly world: World; readonly cast: Cast; close(): Promise<void> };
export type Tendered = {
  readonly project: string;
  readonly code: string;
  readonly opening: string;
  readonly deadline: string;
  readonly lots: readonly string[];
  readonly officers: readonly Officer[];
};
export type LotView = {
  readonly lot: string;
  readonly status: string;
  readonly standing: number | null;
  readonly opened: number;
  readonly released: readonly { readonly x: number }[];
  readonly keysUntil: string | null;
  readonly stalled: readonly { readonly manifestSha256: string; readonly code: string; readonly owner: string }[];
};
export type OpeningView = {
  readonly lots: readonly LotView[];
  readonly record: { readonly pdf: { readonly sha256: string } | null } | null;
};
export type PriceLine = {
  readonly manifestSha256: string;
  readonly result: string;
  readonly code: string | null;
  readonly organisation: string | null;
  readonly offer: { readonly priceFen: string } | null;
};

export const kitPassphrase = 'a long passphrase';

/** Starts the platform with a cast of bidders and no expert. */
export async function startCourse(bidders: number, env: Record<string, string> = {}): Promise<Course> {
  const app = await startApp(env);
  const { world, close: closeWorld } = await openWorld(app, 0.01);
  const close = async () => {
    await app.close();
    closeWorld();
  };
  return { app, world, cast: await castOf(world, bidders, 0), close };
}

type ProjectAnswer = {
  readonly id: string;
  readonly code: string;
  readonly opening: string;
  readonly lots: readonly { readonly id: string }[];
  readonly schedule: { readonly deadline: string };
};

async function register({ world, cast }: Course, lots: readonly string[]): Promise<ProjectAnswer> {
  const zone = 'Asia/Shanghai';
  const today = world.now().toZonedDateTimeISO(zone).toPlainDate();
  const at = (day: Temporal.PlainDate, plainTime: string) =>
    day.toZonedDateTime({ timeZone: zone, plainTime }).toInstant().toString({ smallestUnit: 'microsecond' });
  return cast.tenderer.client.call('POST', '/api/projects', {
    name: '城北泵站更新改造工程施工',
    type: 'construction-open-works',
    tenderer: cast.tenderer.organisation,
    approval: { authority: '海滨市发展和改革委员会', number: '海发改〔2026〕130 号' },
    qualification: '具备市政公用工程施工总承包二级资质。',
    lots: lots.map((name) => ({ name, estimateFen: '1050000000', ceilingFen: '1050000000' })),
    schedule: {
      documentsFrom: today.toString(),
      documentsUntil: today.add({ days: 10 }).toString(),
      questionsUntil: at(today.add({ days: 9 }), '17:00'),
      deadline: at(today.add({ days: 26 }), '10:00'),
      // Rooms are booked for the time, so every project of a course has its own.
      openingRoom: `开标厅 ${world.now().epochMilliseconds}`,
      evaluationRoom: `评标室 ${world.now().epochMilliseconds}`,
    },
    evaluation: {
      method: 'trimmed-average',
      params: { full: '60' },
      criteria: [
        { id: 'T1', part: 'technical', name: { zh: '施工组织设计', en: 'Method statement' }, max: '40', step: '0.5' },
      ],
    },
  });
}

/** The officers of the cast with fresh opening keys. */
export async function freshOfficers(cast: Cast): Promise<Officer[]> {
  const officers: Officer[] = [];
  for (const role of ['host', 'tenderer', 'witness', 'supervisor'] as const)
    officers.push({ ...cast[role], role, identity: await generateIdentity() });
  return officers;
}

/** Drafts the policy, has every officer give its key and sign; answers the hash of the policy in force then. */
export async function formPolicy(
  { cast }: Course,
  tendered: Pick<Tendered, 'opening' | 'deadline' | 'lots'>,
  officers: readonly Officer[],
  mode: Mode,
): Promise<string> {
  const { opening, deadline, lots } = tendered;
  await cast.host.client.call('PUT', `/api/openings/${opening}/policy`, {
    lots,
    deadline,
    mode,
    k: 3,
    officers: officers.map(({ role, id, client }) => ({ role, person: id, certSha256: client.session?.certSha256 })),
  });
  for (const { client, identity } of officers)
    await giveOpeningKey(client, opening, await identityToRecipient(identity));
  let inForce = '';
  for (const { client } of officers) inForce = (await signPolicy(client, opening)).inForce ?? '';
  return inForce;
}

/** Registers and publishes a project; the witness is on duty for the whole opening. */
export async function publish(
  course: Course,
  { mode = 'quorum', lots = ['第一标段'] }: { mode?: Mode; lots?: readonly string[] } = {},
): Promise<Tendered> {
  const { cast } = course;
  const project = await register(course, lots);
  const tendered = {
    project: project.id,
    code: project.code,
    opening: project.opening,
    deadline: project.schedule.deadline,
    lots: project.lots.map((l) => l.id),
    officers: await freshOfficers(cast),
  };
  await formPolicy(course, tendered, tendered.officers, mode);
  async function* document() {
    yield new TextEncoder().encode('%PDF-1.7\n% tender document\n%%EOF\n');
  }
  await cast.tenderer.client.upload('POST', `/api/projects/${project.id}/documents`, document(), {
    'x-file-name': encodeURIComponent('招标文件.pdf'),
  });
  await cast.tenderer.client.call('POST', `/api/projects/${project.id}/publication`, { text: '招标公告' });
  await cast.host.client.call('POST', `/api/witness/${project.opening}/duty`, {
    project: project.id,
    person: cast.witness.id,
    subjectKind: 'opening',
    steps: ['close', 'release', 'opening', 'announcement'],
  });
  return tendered;
}

/** Downloads a bundle as who may have it, and verifies it offline; answers the folder and what the verifier found. */
export async function verified(
  { world, cast }: Course,
  { project }: Pick<Tendered, 'project'>,
  level: 'public' | 'audit',
): Promise<{ readonly folder: string; readonly verdict: Verdict }> {
  const folder = join(world.folder, `bundle-${level}-${project}`);
  await mkdir(folder);
  await saveBundle(cast.auditor.client, project, level, folder);
  const verdict = await verify(await folderBundle(folder), world.trust, { primitives: nativePrimitives });
  return { folder, verdict };
}

/** What failed or could not be judged, for a readable expectation. */
export const troubles = ({ steps }: Verdict): string[] =>
  steps.filter((s) => !s.ok).map((s) => `${s.name}: ${s.code ?? ''} ${s.detail}`);

/** Where a bidder keeps its sealed tender. */
export const folderOf = ({ world }: Course, bidder: TestPerson, lot: string): string =>
  join(world.folder, `${bidder.id}-${lot}`);

/** A bidder seals a small tender, uploads and files it. */
export async function tender(
  course: Course,
  bidder: TestPerson,
  lot: string,
  priceFen: string,
  folder = folderOf(course, bidder, lot),
): Promise<Filed> {
  const { world } = course;
  const paper = join(world.folder, 'paper.pdf');
  await writeFile(paper, `%PDF-1.7\n${priceFen}\n%%EOF\n`);
  await sealIntoFolder({
    client: bidder.client,
    lot,
    readOut: { priceFen, durationDays: 300, quality: '合格', manager: '项目经理' },
    files: [paper],
    roots: world.roots,
    folder,
    passphrase: kitPassphrase,
    kitWorkFactor: 10,
    now: world.now(),
    progress: silent,
  });
  return fileFromFolder(bidder.client, lot, folder, silent);
}

export const view = ({ cast }: Course, { opening }: Pick<Tendered, 'opening'>): Promise<OpeningView> =>
  cast.host.client.call('GET', `/api/openings/${opening}`);
export const lotView = async (course: Course, tendered: Tendered, lot = tendered.lots[0]): Promise<LotView> =>
  (await view(course, tendered)).lots.find((l) => l.lot === lot) as LotView;
/** The lot after everything that is due now. */
export const settledView = async (course: Course, tendered: Tendered): Promise<LotView> => {
  await course.app.rooms.due.runDue();
  return lotView(course, tendered);
};
export const untilLot = (course: Course, tendered: Tendered, status: string, lot = tendered.lots[0]) =>
  until(
    async () => {
      await course.app.rooms.due.runDue();
      return lotView(course, tendered, lot);
    },
    (l) => l.status === status,
    `status ${status}`,
  );

/** Past the barrier and all that becomes due with it. */
export async function pastDeadline({ world }: Course, { deadline }: Tendered): Promise<void> {
  await world.advanceTo(later(deadline, 6));
  await world.advanceTo(later(deadline, 12));
}

export async function witnessed({ world, cast }: Course, { opening }: Tendered, ...steps: string[]): Promise<void> {
  for (const step of steps) await witnessStep(world, cast.witness, opening, step, ['已核对']);
}

/** An officer's own program releases its shares of a lot. */
export const release = (
  { world }: Course,
  { opening, lots }: Tendered,
  { client, identity }: Officer,
  lot = lots[0] ?? '',
) => releaseLot({ client, opening, lot, identity, roots: world.roots, trust: world.trust, now: world.now() });

/** The host announces, and the price list is read as the public reads it. */
export async function announce({ cast }: Course, { opening, lots }: Tendered, lot = lots[0]): Promise<PriceLine[]> {
  await cast.host.client.call('POST', `/api/openings/${opening}/lots/${lot}/announcement`, {});
  return cast.host.client.call('GET', `/api/openings/${opening}/lots/${lot}/offers`);
}

/** Draws up the record after the time to object, and has host and witness sign it; answers the view with the PDF. */
export async function record(course: Course, tendered: Tendered): Promise<OpeningView> {
  const { world, cast } = course;
  const path = `/api/openings/${tendered.opening}/record`;
  await witnessed(course, tendered, 'announcement');
  await world.advanceTo(later(world.now().toString(), 11 * 60));
  await cast.host.client.call('POST', path, {});
  const facts = await cast.host.client.download(`${path}/facts`);
  const signature = (person: TestPerson) => ({ signature: person.client.sign(facts) });
  await cast.host.client.call('POST', `${path}/signatures`, signature(cast.host));
  return cast.witness.client.call('POST', `${path}/signatures`, signature(cast.witness));
}
