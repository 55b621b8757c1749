/** Asks outside witnesses to cosign the log's checkpoints (c2sp.org/tlog-witness) and keeps their answers. */
import { formatAddCheckpoint, sizeMediaType } from '../formats/log/add-checkpoint.ts';
import { parseCheckpoint, parseSize, type ReadCheckpoint, signCheckpoint } from '../formats/log/checkpoint.ts';
import { verifyCosignature } from '../formats/log/cosignature.ts';
import { emptyRoot } from '../formats/log/merkle.ts';
import { parseSignatureLine, type Signer } from '../formats/log/note.ts';
import type { Database } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import type { Cosignatures } from './cosignatures.ts';
import { rolledBack } from './head.ts';
import type { PolicyFile } from './policy-file.ts';
import type { Tree } from './tree.ts';

export type WitnessDeps = {
  readonly db: Database;
  readonly tree: Tree;
  readonly signer: Signer;
  readonly policyFile: PolicyFile;
  readonly cosignatures: Cosignatures;
  readonly logger: Logger;
  /** Submission prefixes beside those of the policy. */
  readonly urls: readonly string[];
  readonly intervalMilliseconds: number;
};

export type Witnesses = {
  /** Refuses (LogRefusesToStart) when a witness has seen a larger or another tree; one that cannot be asked is logged. */
  check(): Promise<void>;
  /** Asks at intervals until `stop`. */
  start(): void;
  stop(): Promise<void>;
  /** Asks every witness for the newest checkpoint; a witness that fails is logged. */
  ask(): Promise<void>;
};

/** What a witness knows of the log, as far as this node knows. Owned by `ask`. */
type Target = { readonly url: string; size: bigint };

type Outcome = 'cosigned' | 'ahead' | 'inconsistent';

const timeoutMilliseconds = 5_000;
const maxAnswerBytes = 100_000;

/** The asking side; without URLs it does nothing. */
export function openWitnesses(deps: WitnessDeps): Witnesses {
  const { tree, logger, cosignatures, policyFile } = deps;
  const urls = new Set([...deps.urls, ...policyFile.policy.witnesses.flatMap(({ url }) => url ?? [])]);
  const targets: Target[] = [...urls].map((url) => ({ url: url.replace(/\/$/, ''), size: 0n }));
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let asking: Promise<unknown> = Promise.resolve();
  let askedSize = -1n;

  const keep = async (checkpoint: ReadCheckpoint, answer: string): Promise<number> => {
    let kept = 0;
    for (const line of answer.split('\n')) {
      const signature = parseSignatureLine(line);
      const witness = policyFile.policy.witnesses.find(
        ({ key }) => signature?.name === key.name && signature.id === key.id,
      );
      if (!signature || !witness) continue;
      verifyCosignature(checkpoint.note.text, signature, witness.key);
      // The empty tree is only signed to ask what a witness knows; it is not published.
      if (checkpoint.size > 0n) await cosignatures.store(checkpoint.size, witness.name, line);
      kept += 1;
    }
    return kept;
  };

  const askOne = async (target: Target, text: string): Promise<Outcome> => {
    const checkpoint = parseCheckpoint(text);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (target.size > checkpoint.size) return 'ahead';
      const path = await tree.consistencyPath(target.size, checkpoint.size);
      const answer = await post(target, formatAddCheckpoint({ oldSize: target.size, path, checkpoint: text }));
      if (answer.status === 200) {
        target.size = checkpoint.size;
        if ((await keep(checkpoint, answer.text)) === 0)
          logger.warn(
            { url: target.url },
            '见证方的公钥不在日志策略中，其签名未采用 / the witness key is not in the policy',
          );
        return 'cosigned';
      }
      const size = answer.type.startsWith(sizeMediaType) ? parseSize(answer.text.trimEnd()) : null;
      if (answer.status === 422) return 'inconsistent';
      if (answer.status !== 409) throw new Error(`status ${answer.status}`);
      if (size === null || size === target.size) return 'inconsistent';
      target.size = size;
    }
    throw new Error('the witness keeps naming another size');
  };

  const askAll = async (): Promise<void> => {
    if (targets.length === 0) return;
    const newest = await newestCheckpoint(deps);
    const answers = await Promise.all(
      targets.map(async (target) => {
        try {
          const outcome = await askOne(target, newest.text);
          if (outcome !== 'cosigned')
            logger.error({ url: target.url, outcome }, '见证方未签署 / the witness did not cosign');
          return outcome;
        } catch (error) {
          logger.warn({ url: target.url, err: error }, '无法联系见证方 / a witness could not be asked');
          return null;
        }
      }),
    );
    if (answers.every((answer) => answer === 'cosigned')) askedSize = newest.size;
  };
  const ask = (): Promise<void> => {
    // One round after the other: a witness takes one size at a time.
    const round = asking.then(askAll, askAll);
    asking = round;
    return round;
  };
  const plan = () => {
    if (stopping || targets.length === 0) return;
    timer = setTimeout(async () => {
      try {
        if ((await newestCheckpoint(deps)).size !== askedSize) await ask();
      } catch (error) {
        logger.error({ err: error }, '请求见证签名失败 / asking the witnesses failed');
      }
      plan();
    }, deps.intervalMilliseconds);
  };

  const checkOne = async (target: Target): Promise<void> => {
    const outcome = await askOne(target, (await newestCheckpoint(deps)).text).catch((error: unknown) => {
      logger.warn({ url: target.url, err: error }, '启动时无法联系见证方 / a witness could not be asked at start');
      return null;
    });
    // Another node may have published meanwhile, so the newest checkpoint is read again before the verdict.
    if (outcome === 'ahead' && target.size > (await newestCheckpoint(deps)).size)
      throw rolledBack(`witness: ${target.size}`, target.url);
    if (outcome === 'inconsistent') throw rolledBack('witness: another root', target.url);
  };

  return {
    ask,
    check: async () => {
      await Promise.all(targets.map(checkOne));
    },
    start: plan,
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await asking.catch(() => {});
    },
  };
}

/** The newest checkpoint in the database; before the first one a signed empty tree. */
async function newestCheckpoint({ db, signer }: WitnessDeps): Promise<{ size: bigint; text: string }> {
  const [row] = await db.query(
    'select c.size::text as size, c.note from journal_checkpoint c order by c.size desc limit 1',
  );
  return row
    ? { size: BigInt(String(row.size)), text: String(row.note) }
    : { size: 0n, text: signCheckpoint({ origin: signer.key.name, size: 0n, root: emptyRoot }, signer) };
}

async function post({ url }: Target, body: string): Promise<{ status: number; type: string; text: string }> {
  const answer = await fetch(`${url}/add-checkpoint`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    signal: AbortSignal.timeout(timeoutMilliseconds),
    redirect: 'error',
  });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await boundedText(answer) };
}

/** A witness is another's machine: of a longer answer no more is read than the bound. */
async function boundedText(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error('the answer of the witness is too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
