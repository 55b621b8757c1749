/**
 * Parties: organisations, people, certificates, log-in. Grade: register. What other rooms use: who somebody is, whose signature
 * this is, the centre's own key, and the master secret from which the keys of the lots are derived.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '../formats/bytes.ts';
import { type Certificate, certificatesFromPem } from '../formats/cms.ts';
import type { Journal, Reader } from '../journal/index.ts';
import { replaceFile } from '../platform/durable-file.ts';
import { randomOctets } from '../platform/ids.ts';
import { isRefusal } from '../platform/refusal.ts';
import type { RoomDeps } from '../platform/room.ts';
import { Secret } from '../platform/secret.ts';
import { openAuthority } from './authority.ts';
import { registers } from './registers.ts';
import { partyRoutes } from './routes.ts';
import { sessions } from './sessions.ts';
import { verifySignature } from './signatures.ts';

export { certificateProcedure, organisationProcedure, personProcedure, registrationProcedure } from './procedures.ts';
export type { Organisation, Person } from './registers.ts';
export { loginText } from './sessions.ts';
export type { VerifiedSigner } from './signatures.ts';
export { isUscc, usccCheckCharacter } from './uscc.ts';

export type Parties = Awaited<ReturnType<typeof parties>>;

/** Opens the room: makes the platform's authority, the master secret and the first administrator's code where they are missing. */
export async function parties(deps: RoomDeps<Journal> & { readonly origin: () => string }) {
  const { journal, config, clock, logger } = deps;
  const folder = join(config.dataDir, 'secrets');
  const authority = await openAuthority(join(folder, 'authority'), config.city, clock.now());
  const master = await openMasterSecret(join(folder, 'master-secret'));
  const outside: Certificate[] = config.trustedCaFiles.flatMap((file) =>
    certificatesFromPem(readFileSync(file, 'utf8')),
  );
  const roots = (): readonly Certificate[] => [authority.root, ...outside];
  const intermediates = (): readonly Certificate[] => [authority.issuing.certificate];
  const book = registers({ journal, authority, clock });
  const verify = (reader: Reader, content: Uint8Array, p7s: Uint8Array, at: string) =>
    verifySignature({ registers: book, roots, intermediates }, reader, content, p7s, at);
  const open = sessions({
    journal,
    origin: deps.origin,
    verify: (content, p7s, at) => verify(journal.db.read(), content, p7s, at),
  });
  return {
    ...book,
    routes: partyRoutes({ journal, registers: book, sessions: open, authority, clock }),
    identify: open.identify,
    verifySignature: verify,
    centre: authority.centre,
    centreName: () => '公共资源交易中心',
    roots,
    intermediates,
    masterSecret: () => master,
    /** Makes the first administrator on an empty register; the code stands in a file, its path in the log. */
    start: async () => {
      const [row] = await journal.db.query('select 1 as one from person limit 1');
      if (row) return;
      const by = { actor: 'system', requestId: 'first-start' };
      const centre = await book.registerOrganisation(
        { name: '公共资源交易中心', uscc: centreCode, kinds: ['centre'] },
        by,
      );
      if (isRefusal(centre)) throw new Error(`the centre could not be registered: ${centre.code}`);
      const person = await book.registerPerson(
        { name: '系统管理员', organisation: centre.id, roles: ['administrator'] },
        by,
      );
      if (isRefusal(person)) throw new Error(`the administrator could not be registered: ${person.code}`);
      const file = join(folder, 'first-administrator');
      await replaceFile(file, `${await book.enrolmentCode(person.id)}\n`, 0o600);
      logger.info(
        { file },
        "首位管理员的开通码已写入此文件 / the first administrator's enrolment code is in this file",
      );
    },
    stop: async () => {},
  };
}

/** A code of the class of public institutions; the administrator registers the real centre beside it. */
const centreCode = '123300000000000009';

/** 32 bytes that never enter the database: who bid stays hidden from whoever reads it. */
async function openMasterSecret(file: string): Promise<Secret<Uint8Array>> {
  if (!existsSync(file)) await replaceFile(file, `${toHex(randomOctets(32))}\n`, 0o600);
  return new Secret(fromHex(readFileSync(file, 'utf8').trim()));
}
