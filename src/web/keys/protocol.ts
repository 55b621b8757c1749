/** Messages between a page and the key worker. Bytes and passphrases go in; facts, signatures, requests and packed files come out. */
import type { KeyFacts } from './key-work.ts';

export type KeyTasks = {
  /** Opens a key file and keeps the key until `close` or the end of the tab. */
  open: { asked: { file: Uint8Array; passphrase: string }; answer: KeyFacts };
  /** Detached CMS by the open key. */
  sign: { asked: { document: Uint8Array; epochMilliseconds: number }; answer: Uint8Array };
  close: { asked: Record<string, never>; answer: null };
  /** Makes an RSA key, keeps it as the awaited one, answers its PKCS#10 request as PEM. */
  request: { asked: Record<string, never>; answer: string };
  /** The awaited key encrypted for the person's disk, until its certificate comes. */
  lock: { asked: { passphrase: string }; answer: Uint8Array };
  /** Takes a locked file as the awaited key. */
  unlock: { asked: { file: Uint8Array; passphrase: string }; answer: null };
  /** Packs the awaited key with its certificate; it is the open key from then on. */
  pack: {
    asked: { certificate: string; chain: readonly string[]; passphrase: string };
    answer: { file: Uint8Array; facts: KeyFacts };
  };
};
export type KeyTask = keyof KeyTasks;

/** `key-none`: no key is open, or none is awaited. `passphrase-unfit`: not 8 printable ASCII characters. */
export type KeyErrorCode = 'passphrase-wrong' | 'pkcs12-broken' | 'key-none' | 'passphrase-unfit' | 'key-failed';

export type Asked = { [T in KeyTask]: { id: number; task: T; asked: KeyTasks[T]['asked'] } }[KeyTask];
export type Answered =
  | { id: number; ok: true; answer: KeyTasks[KeyTask]['answer'] }
  | { id: number; ok: false; code: KeyErrorCode };
