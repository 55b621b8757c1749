/** `yangguang verify`: opens a bundle, verifies it, and prints each step with the command of a standard tool. */
import type { Primitives } from '../sealing/index.ts';
import { openBundle, readOutside } from './node-folder.ts';
import type { Trust } from './trust-step.ts';
import type { Step, Verdict } from './verdict.ts';
import { verify } from './verify.ts';

export type VerifyCommandOptions = {
  readonly json?: boolean;
  /** Paths of receipts (C2SP tlog-proof). */
  readonly receipts?: readonly string[];
  readonly primitives?: Primitives;
  readonly print?: (text: string) => void;
};

/**
 * Verifies the bundle at `path` (folder or tar) with the trust file (null: none, which is a `trust-root` verdict). Prints the
 * report; answers the exit status of the command line: 0 valid, 3 invalid, 1 not proved (a file is missing).
 */
export async function verifyCommand(
  path: string,
  trustFile: string | null,
  options: VerifyCommandOptions = {},
): Promise<number> {
  const trust = trustFile === null ? null : parsedTrust(await readOutside(trustFile));
  const receipts = await Promise.all((options.receipts ?? []).map(readOutside));
  const { bundle, close } = await openBundle(path);
  try {
    const { primitives } = options;
    const verdict = await verify(bundle, trust, { receipts, ...(primitives ? { primitives } : {}) });
    const print = options.print ?? ((text: string) => void process.stdout.write(text));
    print(options.json ? `${JSON.stringify(verdict, null, 2)}\n` : reportOf(verdict));
    return { valid: 0, invalid: 3, unknown: 1 }[verdict.verdict];
  } finally {
    await close();
  }
}

/** A file that is no JSON is no trust file; the verifier says so by its code. */
function parsedTrust(text: string): Trust | null {
  try {
    return JSON.parse(text) as Trust;
  } catch {
    return null;
  }
}

const words = {
  valid: ['核验通过', 'valid'],
  invalid: ['核验不通过', 'invalid'],
  unknown: ['材料不全，无法判断', 'incomplete: not proved'],
} as const;

/** The report as text, Chinese first. */
export function reportOf({ verdict, code, witnessed, steps }: Verdict): string {
  const [zh, en] = words[verdict];
  const witness = witnessed
    ? '有外部见证联署 / witnessed'
    : '未经外部见证（无法排除两本账）/ unwitnessed: a second history is not excluded';
  return [...steps.flatMap(linesOf), '', `${zh} / ${en}${code ? `: ${code}` : ''}`, witness, ''].join('\n');
}

function linesOf({ ok, zh, en, code, detail, standardCommand }: Step): string[] {
  const mark = ok ? '✓' : code ? '✗' : '·';
  return [`${mark} ${zh} / ${en}${code ? ` [${code}]` : ''}`, `    ${detail}`, `    $ ${standardCommand}`];
}
