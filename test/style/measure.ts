/** Sizes of functions, by the parser that the dependency check uses as well. */
import { readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

export type MeasuredFunction = { readonly line: number; readonly ownLines: number };
type Node = {
  readonly type?: string;
  readonly span?: { readonly start: number; readonly end: number };
  readonly body?: Body | null;
};
type Body = {
  readonly type?: string;
  readonly stmts?: readonly { readonly type: string; readonly argument?: { readonly type: string } | null }[];
};

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
]);

/** A function that only gives a list (routes, stages) is data; the functions inside it are measured all the same. */
function isList(body: Body | null | undefined): boolean {
  const [only, ...more] = body?.stmts ?? [];
  const given = only?.type === 'ReturnStatement' && more.length === 0 ? only.argument?.type : body?.type;
  return given === 'ArrayExpression';
}

/**
 * Every function of a file with its own lines: those of functions written inside it are theirs, so a factory that returns ten
 * small closures is not a long function.
 */
export function functionsOf(path: string): MeasuredFunction[] {
  const file = readFileSync(path);
  // A program's first line is for the shell.
  const source = file.toString('utf8', 0, 2) === '#!' ? Buffer.concat([Buffer.from('//'), file]) : file;
  // The parser counts bytes from where the last file ended; the marker shows where this one begins.
  const marker = '0;';
  const module = parseSync(marker + source.toString('utf8'), { syntax: 'typescript', tsx: path.endsWith('x') });
  const base = module.body[0]!.span.start + marker.length;
  const lineAt = (offset: number): number => {
    let line = 1;
    for (let i = 0; i < offset - base; i++) if (source[i] === 10) line++;
    return line;
  };
  const found: MeasuredFunction[] = [];
  /** Walks a node; answers how many lines functions inside it take. */
  const walk = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    if (Array.isArray(value)) return value.reduce((sum: number, child) => sum + walk(child), 0);
    const inner = Object.values(value).reduce((sum: number, child) => sum + walk(child), 0);
    const { type, span, body } = value as Node;
    // A method's body hangs on an inner node without a type of its own; the outer one is measured.
    if (type === undefined || span === undefined || !functionTypes.has(type)) return inner;
    const first = lineAt(span.start);
    const lines = lineAt(span.end) - first + 1;
    if (!isList(body)) found.push({ line: first, ownLines: lines - inner });
    return lines > 1 ? lines - 1 : 0;
  };
  walk(module.body);
  return found;
}
