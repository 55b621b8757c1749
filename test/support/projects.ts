/** Projects of a test city over HTTP: a lawful registration, its documents, an opening policy in force, publication. */
import { ProblemError } from '../../src/cli/client.ts';
import { giveOpeningKey, signPolicy } from '../../src/cli/programs/release-keys.ts';
import { utf8 } from '../../src/formats/bytes.ts';
import { generateIdentity, identityToRecipient } from '../../src/sealing/index.ts';
import type { TestApp } from './app.ts';
import type { City, TestPerson } from './people.ts';
import { scheme } from './registration.ts';

const zone = 'Asia/Shanghai';

export type ProjectAnswer = {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly status: string;
  readonly opening: string;
  readonly paused: boolean;
  readonly follows: string | null;
  readonly lots: readonly { readonly id: string }[];
  readonly schedule: { readonly deadline: string; readonly openingRoom: string };
  readonly documents: readonly { readonly sha256: string; readonly name: string; readonly mediaType: string }[];
  readonly notices: readonly { readonly kind: string; readonly duties: readonly string[] }[];
  readonly answers: readonly { readonly question: string }[];
  readonly objections: readonly { readonly id: string; readonly answer: unknown }[];
};

export type Staff = Readonly<Record<'tenderer' | 'host' | 'witness' | 'supervisor', TestPerson>>;

/** The day of Beijing by the app's clock. */
export const todayOf = (app: TestApp): Temporal.PlainDate => app.clock.now().toZonedDateTimeISO(zone).toPlainDate();
export const instantAt = (day: Temporal.PlainDate, plainTime: string): string =>
  day.toZonedDateTime({ timeZone: zone, plainTime }).toInstant().toString({ smallestUnit: 'microsecond' });

export type RegistrationBody = ReturnType<typeof registrationBody>;

/** A lawful works tender whose deadline lies `days` ahead; fields may be replaced. */
export function registrationBody(app: TestApp, tenderer: string, days = 26) {
  const today = todayOf(app);
  return {
    name: '第二水厂扩建工程施工',
    type: 'construction-open-works',
    tenderer,
    agency: null as string | null,
    approval: { authority: '发展和改革委员会', number: '118' },
    qualification: '一级资质',
    lots: [{ name: '第一标段', estimateFen: '1050000000', ceilingFen: '1050000000', bondFen: '0' }],
    schedule: {
      documentsFrom: today.toString(),
      documentsUntil: today.add({ days: 10 }).toString(),
      questionsUntil: instantAt(today.add({ days: 9 }), '17:00'),
      deadline: instantAt(today.add({ days }), '10:00'),
      openingRoom: '',
      evaluationRoom: '',
    },
    evaluation: scheme as unknown,
    invited: null as string[] | null,
    invitationGround: null as string | null,
    follows: null as string | null,
  };
}

export const register = (by: TestPerson, body: object): Promise<ProjectAnswer> =>
  by.client.call<ProjectAnswer>('POST', '/api/projects', body);

export const pdf = utf8('%PDF-1.7\n招标文件');

export const attach = (by: TestPerson, project: string, bytes: Uint8Array = pdf, name = '招标文件.pdf') =>
  by.client.upload<ProjectAnswer>(
    'POST',
    `/api/projects/${project}/documents`,
    (async function* () {
      yield bytes;
    })(),
    { 'x-file-name': encodeURIComponent(name) },
  );

/** Drafts an opening policy for the project's lots and deadline and has every officer sign it. */
export async function formPolicy(staff: Staff, project: ProjectAnswer): Promise<void> {
  const { opening } = project;
  const officers = (['host', 'tenderer', 'witness', 'supervisor'] as const).map((role) => ({ role, ...staff[role] }));
  await staff.host.client.call('PUT', `/api/openings/${opening}/policy`, {
    lots: project.lots.map((l) => l.id),
    deadline: project.schedule.deadline,
    mode: 'quorum',
    k: 3,
    officers: officers.map(({ role, id, client }) => ({ role, person: id, certSha256: client.session?.certSha256 })),
  });
  for (const { client } of officers)
    await giveOpeningKey(client, opening, await identityToRecipient(await generateIdentity()));
  for (const { client } of officers) await signPolicy(client, opening);
}

export const publish = (by: TestPerson, project: string): Promise<ProjectAnswer> =>
  by.client.call<ProjectAnswer>('POST', `/api/projects/${project}/publication`, { text: '招标公告' });

/** A project that is ready to be published. */
export async function readyProject(staff: Staff, body: object): Promise<ProjectAnswer> {
  const project = await register(staff.tenderer, body);
  await attach(staff.tenderer, project.id);
  await formPolicy(staff, project);
  return project;
}

export async function staffOf(city: City): Promise<Staff> {
  return {
    tenderer: await city.person('tenderer'),
    host: await city.person('host'),
    witness: await city.person('witness'),
    supervisor: await city.person('supervisor'),
  };
}

/** The refusal that a call ends with; throws when it does not. */
export async function refusalOf(call: Promise<unknown>): Promise<ProblemError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
