/** Largest key file that is read, the worker's limit too: a key with a long chain is under 20 kB. */
export const maxFileBytes = 1_000_000;
