/**
 * Parties: organisations, people, certificates, log-in. Grade: register. What other rooms use: who somebody is, whose signature
 * this is, the centre's own key, and the master secret from which the keys of the lots are derived.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBase64 } from '../formats/bytes.ts';
import { type Certificate, certificatesFromPem } from '../formats/cms.ts';
import type { Journal, Reader } from '../journal/index.ts';
import { isRefusal, type Refusal } from '../platform/refusal.ts';
import type { RoomDeps } from '../platform/room.ts';
import { openAuthority } from './authority.ts';
import { certificates } from './certificates.ts';
import { challenges } from './challenge.ts';
import { firstAdministrator } from './first-administrator.ts';
import { openMasterSecret, requireSameSecrets } from './master-secret.ts';
import { partyRefusal } from './refusals.ts';
import { registers } from './registers.ts';
import { registrations } from './registrations.ts';
import { weakCertificate } from './requests.ts';
import { partyRoutes } from './routes.ts';
import { sessions } from './sessions.ts';
import { trustedSignature, verifySignature } from './signatures.ts';

export { challengeText, loginText } from './challenge.ts';
export { certificateProcedure, organisationProcedure, personProcedure, registrationProcedure } from './procedures.ts';
export type { Organisation, Person } from './registers.ts';
export type { VerifiedSigner } from './signatures.ts';
export { isUscc, usccCheckCharacter } from './uscc.ts';

export type Parties = Awaited<ReturnType<typeof parties>>;

/** Opens the room: makes the platform's authority and the master secret where they are missing. */
export async function parties(deps: RoomDeps<Journal> & { readonly origin: () => string }) {
  const { journal, config, clock, logger } = deps;
  const folder = join(config.dataDir, 'secrets');
  const authority = await openAuthority(folder, config.city, clock.now());
  const master = openMasterSecret(folder);
  await requireSameSecrets(journal, authority.root, master);
  const outside: Certificate[] = config.trustedCaFiles.flatMap((file) =>
    certificatesFromPem(readFileSync(file, 'utf8')),
  );
  const roots = (): readonly Certificate[] => [authority.root, ...outside];
  const intermediates = (): readonly Certificate[] => [authority.issuing.certificate, ...authority.former];
  const people = registers(journal);
  const papers = certificates({ journal, registers: people, authority, clock });
  const applications = registrations({ journal, registers: people, certificates: papers, master });
  const asked = challenges({ journal, origin: deps.origin });
  const trust = () => ({ roots: roots(), intermediates: intermediates() });
  const verify = (reader: Reader, content: Uint8Array, p7s: Uint8Array, at: string) =>
    verifySignature({ registers: people, certificates: papers, trust }, reader, content, p7s, at);
  const open = sessions({
    journal,
    challenges: asked,
    verify: (content, p7s, at) => verify(journal.db.read(), content, p7s, at),
  });
  const outsideCertificate = async (signed: { text: string; signature: string }): Promise<Refusal | Certificate> => {
    const [text, signature] = [fromBase64(signed.text), fromBase64(signed.signature)];
    const checked = await asked.check('binding', text);
    if (isRefusal(checked)) return checked;
    const { certificate } = trustedSignature(trust(), text, signature, checked.now);
    if (intermediates().some((issuing) => certificate.isIssuer(issuing)))
      return partyRefusal('certificate-of-platform');
    return weakCertificate(certificate) ?? certificate;
  };
  return {
    ...people,
    ...papers,
    ...applications,
    routes: partyRoutes({
      journal,
      registers: people,
      certificates: papers,
      registrations: applications,
      challenges: asked,
      sessions: open,
      authority,
      clock,
      roots,
      verify,
      outsideCertificate,
    }),
    identify: open.identify,
    verifySignature: verify,
    centre: authority.centre,
    centreName: () => '公共资源交易中心',
    roots,
    intermediates,
    masterSecret: () => master,
    /** Gives the first administrator a code while none has a certificate; the code stands in a file, its path in the log. */
    start: async () => {
      await firstAdministrator({ journal, registers: people, logger, file: join(folder, 'first-administrator') });
      if (authority.rootKeyFile)
        logger.warn(
          { file: authority.rootKeyFile },
          '根密钥仍在本机：请移至离线介质，平台不再需要它 / the root key is still here: move it offline, the platform needs it no more',
        );
    },
    stop: async () => {},
  };
}
