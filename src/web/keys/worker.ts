/**
 * The key worker: the one place of the browser where private keys are. It holds the open key and, while a certificate is awaited,
 * a fresh one; both end with the tab. It has no network code; scripts of other hosts cannot reach it (CSP `worker-src 'self'`).
 */
import { Pkcs12Error, type SigningKey } from '../../formats/cms.ts';
import {
  factsOf,
  lockKey,
  makeKey,
  openKeyFile,
  type PrivateKey,
  packKeyFile,
  passphraseFits,
  requestFor,
  signAt,
  unlockKey,
} from './key-work.ts';
import type { Answered, Asked, KeyErrorCode, KeyTask, KeyTasks } from './protocol.ts';

let open: SigningKey | null = null;
let awaited: PrivateKey | null = null;

class KeyRefusal extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode) {
    super(code);
    this.code = code;
  }
}

function present<T>(key: T | null): T {
  if (!key) throw new KeyRefusal('key-none');
  return key;
}

function mustFit(passphrase: string): string {
  if (!passphraseFits(passphrase)) throw new KeyRefusal('passphrase-unfit');
  return passphrase;
}

const tasks: { [T in KeyTask]: (asked: KeyTasks[T]['asked']) => Promise<KeyTasks[T]['answer']> } = {
  open: async ({ file, passphrase }) => {
    // A file that does not open leaves the key before it open.
    open = openKeyFile(file, passphrase);
    return factsOf(open);
  },
  sign: async ({ document, epochMilliseconds }) => signAt(present(open), document, epochMilliseconds),
  close: async () => {
    open = null;
    return null;
  },
  request: async () => {
    awaited = await makeKey();
    return requestFor(awaited);
  },
  lock: async ({ passphrase }) => lockKey(present(awaited), mustFit(passphrase)),
  unlock: async ({ file, passphrase }) => {
    awaited = unlockKey(file, passphrase);
    return null;
  },
  pack: async ({ certificate, chain, passphrase }) => {
    const { key, file } = packKeyFile(present(awaited), certificate, chain, mustFit(passphrase));
    open = key;
    awaited = null;
    return { file, facts: factsOf(key) };
  },
};

const codeOf = (error: unknown): KeyErrorCode =>
  error instanceof KeyRefusal || error instanceof Pkcs12Error ? error.code : 'key-failed';

async function answerTo({ id, task, asked }: Asked): Promise<Answered> {
  try {
    return { id, ok: true, answer: await tasks[task](asked as never) };
  } catch (error) {
    return { id, ok: false, code: codeOf(error) };
  }
}

self.addEventListener('message', (event: MessageEvent<Asked>) => {
  void answerTo(event.data).then((answered) => self.postMessage(answered));
});
