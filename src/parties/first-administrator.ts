/** How the first administrator gets in, and any later one after every administrator's certificate was lost and revoked. */
import type { Journal } from '../journal/index.ts';
import { replaceFile } from '../platform/durable-file.ts';
import type { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { Organisation, Registers } from './registers.ts';

/** A code of the class of public institutions; the administrator registers the real centre beside it. */
const centreCode = '123300000000000009';
/** One id for all time: of two nodes that start together, the second finds the first one's administrator. */
const firstPerson = '00000000-0000-7000-8000-000000000001' as ReturnType<typeof newId>;

type Deps = {
  readonly journal: Journal;
  readonly registers: Registers;
  readonly logger: Logger;
  readonly file: string;
};

/** Nothing where an administrator has a certificate in force; else a fresh code in the file (0600), whose path is logged. */
export async function firstAdministrator({ journal, registers, logger, file }: Deps): Promise<void> {
  const administrators = await journal.db.query<{ id: string; enrolled: boolean }>(
    `select p.id, exists (select 1 from certificate c where c.person = p.id and not c.revoked) as enrolled
     from person p where p.active and p.state -> 'roles' @> '["administrator"]'::jsonb order by p.id`,
  );
  if (administrators.some(({ enrolled }) => enrolled)) return;
  const person = administrators[0]?.id ?? (await register(journal, registers));
  await registers.enrolmentCode(person, (code) => replaceFile(file, `${code}\n`, 0o600));
  logger.info({ file }, "首位管理员的开通码已写入此文件 / the first administrator's enrolment code is in this file");
}

async function register(journal: Journal, registers: Registers): Promise<string> {
  const by = { actor: 'system', requestId: 'first-start' };
  const known = () => registers.organisationByUscc(journal.db.read(), centreCode);
  const made =
    (await known()) ??
    (await registers.registerOrganisation({ name: '公共资源交易中心', uscc: centreCode, kinds: ['centre'] }, by));
  const centre = isRefusal(made) ? await known() : (made as Organisation);
  if (!centre) throw new Error(`the centre could not be registered: ${(made as { code?: string }).code}`);
  const input = { name: '系统管理员', organisation: centre.id, roles: ['administrator'] } as const;
  const person = await registers.registerPerson(input, by, firstPerson);
  if (isRefusal(person) && person.code !== 'person-known')
    throw new Error(`the administrator could not be registered: ${person.code}`);
  return firstPerson;
}
