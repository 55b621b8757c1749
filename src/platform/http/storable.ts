/** Texts that neither PostgreSQL nor canonical JSON can hold are refused at the edge, before any room sees them. */

/** Whether no text in the value (keys too) holds NUL or half of a surrogate pair. By a list, not by recursion: the sender nests. */
export function isStorable(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') {
      if (!next.isWellFormed() || next.includes('\0')) return false;
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, item] of Object.entries(next)) left.push(key, item);
    }
  }
  return true;
}
