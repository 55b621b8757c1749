/**
 * Sends the mail of notices. A notice is claimed before it is sent and released by time, so two nodes do not send it twice and a
 * node that dies sends it later. Mail holds the notice's own words and a link; a bidder's names no project, because the mail
 * server would learn who is going to bid.
 */
import { type Journal, sqlArray } from '../journal/index.ts';
import type { Row } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import type { Mail, MailSender } from '../platform/mail.ts';
import { wantedMail } from './mail-choice.ts';
import { type NoticeKind, noticeTexts } from './notice-texts.ts';

type Deps = {
  readonly journal: Journal;
  readonly logger: Logger;
  readonly sender: MailSender;
  readonly recipientOf: (person: string) => string;
  readonly origin: () => string;
};

const batch = 20;
/** After so many tries (about an hour) a letter is given up, and health says so. */
const mostTries = 6;

type Claimed = {
  readonly id: string;
  readonly recipient: string;
  readonly kind: NoticeKind;
  readonly private: boolean;
  readonly code: string | null;
  readonly tries: number;
};

export type Mailer = {
  /** Sends what waits; answers how many letters went. */
  run(): Promise<number>;
};

export function mailer({ journal, logger, sender, recipientOf, origin }: Deps): Mailer {
  const sendOne = async (claimed: Claimed, address: string | undefined): Promise<boolean> => {
    // Who took the address back meanwhile gets nothing.
    if (address === undefined) return settle(journal, claimed.id, 'none', 0);
    try {
      await sender.send(letter(claimed, address, origin()));
      await settle(journal, claimed.id, 'sent', 0);
      return true;
    } catch (error) {
      // The address is not logged.
      logger.warn(
        { code: (error as { code?: string }).code ?? 'unknown', tries: claimed.tries },
        '邮件未能发送 / mail could not be sent',
      );
      return settle(journal, claimed.id, claimed.tries >= mostTries ? 'failed' : 'waiting', 30 * 2 ** claimed.tries);
    }
  };
  return {
    run: async () => {
      let sent = 0;
      for (;;) {
        const claimed = await claim(journal);
        if (claimed.length === 0) return sent;
        const wanted = await wantedMail(journal.db.read());
        const addresses = new Map(wanted.map(({ person, choice }) => [recipientOf(person), choice.address]));
        for (const one of claimed) if (await sendOne(one, addresses.get(one.recipient) ?? undefined)) sent += 1;
      }
    },
  };
}

/** In the words of the list, with a link that needs a log-in. */
function letter({ id, kind, private: hidden, code }: Claimed, to: string, origin: string): Mail {
  const { title, sentence } = noticeTexts[kind];
  const which = hidden || code === null ? '' : `（${code}）`;
  const text = [
    `${title.zh}${which}`,
    sentence.zh,
    '',
    `${title.en}${hidden || code === null ? '' : ` (${code})`}`,
    sentence.en,
    '',
    `请登录查看 / Please log in: ${origin}/`,
    '您可以在“我的设置”中停收邮件。You can stop this mail in your settings.',
  ].join('\n');
  return { to, subject: `阳光交易：${title.zh}${which}`, text, id };
}

async function claim(journal: Journal): Promise<Claimed[]> {
  return journal.keep(async ({ em, now }) => {
    const rows = (await em.execute(
      `update notice n set mail = 'sending', mail_tries = mail_tries + 1, mail_at = ?::timestamptz + interval '5 minutes'
       from (select id from notice where mail in ('waiting', 'sending') and coalesce(mail_at, at) <= ?::timestamptz
         order by id limit ${batch} for update skip locked) due
       where n.id = due.id
       returning n.id::text as id, n.recipient, n.kind, n.private, n.mail_tries as tries,
         (select code from project p where p.id = n.project) as code`,
      [now, now],
    )) as Row[];
    return rows.map((row) => ({ ...row, tries: Number(row.tries), private: row.private === true })) as Claimed[];
  });
}

async function settle(journal: Journal, id: string, mail: string, waitSeconds: number): Promise<false> {
  await journal.keep(({ em, now }) =>
    em.execute(
      `update notice set mail = ?, mail_at = ?::timestamptz + ? * interval '1 second' where id = any(?::uuid[])`,
      [mail, now, waitSeconds, sqlArray([id])],
    ),
  );
  return false;
}
