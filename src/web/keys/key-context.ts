/** The person's signing key on this page as others see it; provider.tsx opens and keeps it. */
import { createContext, use } from 'react';
import type { KeyFacts } from './key-work.ts';

export type OpenKey = KeyFacts & {
  /** Detached CMS (DER) of the document, dated by the server's clock. */
  sign(document: Uint8Array): Promise<Uint8Array>;
};

/** The person closed the dialog: the act that asked is not done. */
export class KeyNotGiven extends Error {
  constructor() {
    super('key-not-given');
    this.name = 'KeyNotGiven';
  }
}

export type KeyContextValue = {
  readonly key: OpenKey | null;
  /** The open key, or what the dialog opens; `reason` says for what, as a sentence. Rejects with KeyNotGiven where the person closes it. */
  askKey(reason: string): Promise<OpenKey>;
  /** Opens a key file without the dialog (log-in). Rejects with KeyError. */
  openFile(file: Uint8Array, passphrase: string): Promise<OpenKey>;
  /** Takes the key that the worker has just packed. */
  take(facts: KeyFacts): OpenKey;
  closeKey(): Promise<void>;
};

export const KeyContext = createContext<KeyContextValue | null>(null);

export function useKey(): KeyContextValue {
  const value = use(KeyContext);
  if (!value) throw new Error('outside KeyProvider');
  return value;
}
