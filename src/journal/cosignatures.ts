/** Cosignatures of the log's checkpoints: stored beside them, and counted by the policy. */
import { parseCheckpoint, type ReadCheckpoint } from '../formats/log/checkpoint.ts';
import { cosignersOf, meetsQuorum } from '../formats/log/tlog-policy.ts';
import type { Database } from '../platform/database.ts';
import type { PolicyFile } from './policy-file.ts';

export type Cosignatures = {
  /** The newest checkpoint that meets the policy, with its cosignatures; null while there is none, and without witnesses. */
  newest(): Promise<(ReadCheckpoint & { readonly text: string }) | null>;
  /** The checkpoint's text followed by the cosignatures there are. */
  attach(size: bigint, text: string): Promise<string>;
  /** Keeps one witness's line of a checkpoint; a second one of the same witness changes nothing. */
  store(size: bigint, witness: string, line: string): Promise<void>;
};

/** Other nodes' cosignatures are looked for so often at most. */
const freshMilliseconds = 250;
/** Checkpoints looked through for one that has its quorum; older ones are not worth a search. */
const lookBack = 500;

/** The cosignatures in a database under a policy. */
export function openCosignatures(db: Database, { policy, witnessed }: PolicyFile): Cosignatures {
  /** The newest one found so far: only newer ones are read again. */
  let best: (ReadCheckpoint & { readonly text: string }) | null = null;
  /** The look under way or just done, shared by all who ask meanwhile. */
  let look: { readonly answer: ReturnType<Cosignatures['newest']>; readonly until: number } | null = null;
  const search = async () => {
    const rows = await db.query(
      `select c.note, string_agg(s.line, chr(10) order by s.witness) as lines
         from journal_cosignature s join journal_checkpoint c on c.size = s.size
         where s.size > ? group by c.size, c.note order by c.size desc limit ${lookBack}`,
      [(best?.size ?? -1n).toString()],
    );
    for (const { note, lines } of rows) {
      const text = `${note}${lines}\n`;
      const checkpoint = parseCheckpoint(text);
      if (!meetsQuorum(policy, new Set(cosignersOf(checkpoint, policy).keys()))) continue;
      best = { ...checkpoint, text };
      break;
    }
    return best;
  };
  return {
    newest: async () => {
      if (!witnessed) return null;
      if (!look || performance.now() > look.until) {
        look = { answer: search(), until: performance.now() + freshMilliseconds };
        look.answer.catch(() => {
          look = null;
        });
      }
      return look.answer;
    },
    attach: async (size, text) => {
      const rows = await db.query('select line from journal_cosignature where size = ? order by witness', [
        size.toString(),
      ]);
      return text + rows.map(({ line }) => `${line}\n`).join('');
    },
    store: async (size, witness, line) => {
      await db.transaction(async (em) => {
        await em.execute(
          `insert into journal_cosignature (size, witness, line, at) values (?, ?, ?, clock_timestamp())
           on conflict (size, witness) do nothing`,
          [size.toString(), witness, line],
        );
      });
      look = null;
    },
  };
}
