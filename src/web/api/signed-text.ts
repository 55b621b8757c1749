/** Texts that a person signs travel as base64 of their UTF-8 bytes with a detached signature; the moment is the server's. */
import { toBase64, utf8 } from '../../formats/bytes.ts';
import type { OpenKey } from '../keys/key-context.ts';
import { machineNow } from '../keys/time.ts';
import { serverNow } from './clock.ts';

/** Now by the server, RFC 3339 UTC to the microsecond as the signed texts write it; for this machine's own claim only. */
export const claimedNow = (): string =>
  new globalThis.Date(serverNow() ?? machineNow()).toISOString().replace('Z', '000Z');

export async function signed(key: OpenKey, text: string): Promise<{ text: string; signature: string }> {
  const bytes = utf8(text);
  return { text: toBase64(bytes), signature: toBase64(await key.sign(bytes)) };
}
