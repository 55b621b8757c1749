/** Progress of long work: a bar on a terminal, a line a second elsewhere, nothing with --json. */
export type Progress = {
  /** How far the named work is; a new name begins a new line. */
  update(what: string, done: number, total: number): void;
  /** Ends the line. */
  end(): void;
};

export const silent: Progress = { update: () => {}, end: () => {} };

/** A progress that writes to standard error. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let shown = '';
  let last = 0;
  return {
    update: (what, done, total) => {
      const now = performance.now();
      const finished = done >= total;
      if (what === shown && !finished && now - last < (stream.isTTY ? 100 : 1000)) return;
      if (stream.isTTY && what !== shown && shown !== '') stream.write('\n');
      shown = what;
      last = now;
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const line = `${bar(share)} ${String(Math.round(share * 100)).padStart(3)} %  ${what}`;
      if (stream.isTTY) stream.write(`\r\u001b[2K${line}`);
      else if (finished) stream.write(`${line}\n`);
    },
    end: () => {
      if (stream.isTTY && shown !== '') stream.write('\n');
      shown = '';
    },
  };
}

function bar(share: number): string {
  const filled = Math.round(share * 24);
  return `${'█'.repeat(filled)}${'░'.repeat(24 - filled)}`;
}
