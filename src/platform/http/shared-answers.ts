/** Answers of public lists, shared by callers without a session: made once, also when many ask at the same moment. */

/** Octets of a JSON answer, or what the handler gave instead (a refusal), which is never kept. */
export type SharedAnswer = { readonly json: Buffer } | { readonly other: unknown };

const mostAnswers = 500;

export type SharedAnswers = {
  /** The answer kept under the key, or the one now being made, or a fresh one. */
  get(key: string, milliseconds: number, make: () => Promise<SharedAnswer>): Promise<SharedAnswer>;
  clear(): void;
};

/**
 * `clear` is called after each commit of this node, so what it has written it also shows; an act of another node shows after the
 * time that the route allows.
 */
export function sharedAnswers(): SharedAnswers {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<SharedAnswer> }>();
  return {
    clear: () => kept.clear(),
    get: (key, milliseconds, make) => {
      const found = kept.get(key);
      if (found && found.until > performance.now()) return found.answer;
      // Keys are the caller's to choose: the memory they take is not.
      if (kept.size >= mostAnswers) kept.clear();
      const entry = { until: performance.now() + milliseconds, answer: make() };
      kept.set(key, entry);
      const forget = () => {
        if (kept.get(key) === entry) kept.delete(key);
      };
      entry.answer.then((answer) => 'other' in answer && forget(), forget);
      return entry.answer;
    },
  };
}
