/** Log-in: the key signs a challenge that names this origin, so that the signature is worth nothing elsewhere. */

import { toBase64, utf8 } from '../../../../formats/bytes.ts';
import type { Refusal } from '../../../api/client.ts';
import { serverNow } from '../../../api/clock.ts';
import { useApiClient } from '../../../api/provider.tsx';
import { useTakeSession } from '../../../api/session.ts';
import type { OpenKey } from '../../../keys/key-context.ts';
import { machineNow, timeText } from '../../../keys/time.ts';
import { signedInMark } from '../../../shell/log-out.ts';

/** Where a log-in leads: a path of this site, never another host's. */
export function destination(next: string | null): string {
  return next !== null && /^\/(?![/\\])[^\\]*$/.test(next) ? next : '/desk/today';
}

/** Logs in with the open key; answers the refusal, or null where the session is taken over. */
export function useLogIn(): (key: OpenKey) => Promise<Refusal | null> {
  const api = useApiClient();
  const take = useTakeSession();
  return async (key) => {
    const asked = await api.call('GET /api/login/nonce', {});
    if (!asked.ok) return asked.refusal;
    const time = timeText(serverNow() ?? machineNow());
    const text = utf8(`yangguang login v1\n${location.origin}\n${asked.value.nonce}\n${time}\n`);
    const signature = toBase64(await key.sign(text));
    const answered = await api.call('POST /api/login', { body: { text: toBase64(text), signature } });
    if (!answered.ok) return answered.refusal;
    localStorage.setItem(signedInMark, '1');
    const session = await api.call('GET /api/session', {});
    take(session.ok ? session.value : null);
    return session.ok ? null : session.refusal;
  };
}
