/** Mail over SMTP (RFC 5321). The texts come from the rooms; nothing of a tender is ever in them. */
import { createTransport } from 'nodemailer';
import type { Secret } from './secret.ts';

export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly id: string };
export type MailSender = { send(mail: Mail): Promise<void>; close(): void };

const timeoutMilliseconds = 10_000;

/** A sender over one server; `smtps:` speaks TLS from the first byte, `smtp:` upgrades where the server offers it. */
export function openMail(url: Secret<string>, from: string): MailSender {
  const transport = createTransport(url.reveal(), {
    from,
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as object);
  return {
    send: async ({ to, subject, text, id }) => {
      // The same id after a lost answer, so that a mail program shows the letter once.
      await transport.sendMail({ from, to, subject, text, messageId: `<${id}@${from.split('@')[1]}>` });
    },
    close: () => transport.close(),
  };
}
