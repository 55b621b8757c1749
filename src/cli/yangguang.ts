#!/usr/bin/env node
/** The command line `yangguang`: one table of commands, documented exit codes, errors that say what to do. */
import { parseArgs } from 'node:util';
import { FormatError } from '../formats/format-error.ts';
import { ProblemError } from './client.ts';
import { type Command, CommandError, exitCodes } from './command.ts';
import { bundleCommand } from './commands/bundle.ts';
import { enrolCommand } from './commands/enrol.ts';
import { giveKeyCommand } from './commands/give-key.ts';
import { importCommand } from './commands/import.ts';
import { openingKeyCommand } from './commands/opening-key.ts';
import { releaseCommand } from './commands/release.ts';
import { sealCommand } from './commands/seal.ts';
import { demoCommand, serveCommand } from './commands/serve.ts';
import { trustCommand } from './commands/trust.ts';
import { verifyCommand } from './commands/verify.ts';

import { witnessCommand } from './commands/witness.ts';

const commands: readonly Command[] = [
  serveCommand,
  demoCommand,
  enrolCommand,
  openingKeyCommand,
  sealCommand,
  giveKeyCommand,
  releaseCommand,
  bundleCommand,

  verifyCommand,
  importCommand,
  trustCommand,
  witnessCommand,
];

function usage(): string {
  const width = Math.max(...commands.map((c) => c.name.length));
  const lines = commands.map((c) => `  ${c.name.padEnd(width)}  ${c.zh}\n  ${' '.repeat(width)}  ${c.en}`);
  return `用法 / usage: yangguang <命令 command> [选项 options]\n\n${lines.join('\n')}\n\n退出码 / exit codes: ${exitCodes}\n每个命令的选项 / options of a command: yangguang <command> --help\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = commands.find((c) => c.name === name);
  if (!command) {
    const asked = name === undefined || name === 'help' || name === '--help' || name === '-h';
    (asked ? process.stdout : process.stderr).write(
      asked ? usage() : `没有这个命令 / no such command: ${name}\n\n${usage()}`,
    );
    return asked ? 0 : 2;
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(`${command.zh} / ${command.en}\n\n${command.usage}\n`);
      return 0;
    }
    return await command.run({ values, positionals, json: values.json === true });
  } catch (error) {
    return report(error, rest.includes('--json'));
  }
}

/** Says what went wrong, in both languages where it is known, and answers the exit code. */
function report(error: unknown, json: boolean): number {
  const known = error as { code?: string; message?: string };
  const argument = known.code?.startsWith('ERR_PARSE_ARGS') === true;
  const exit =
    error instanceof CommandError
      ? error.exit
      : argument
        ? 2
        : error instanceof FormatError
          ? 3
          : error instanceof ProblemError
            ? 4
            : 1;
  const code = known.code ?? 'failed';
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, code, message: known.message ?? String(error) })}\n`);
  else process.stderr.write(`✗ ${known.message ?? String(error)}\n`);
  return exit;
}

process.exitCode = await main(process.argv.slice(2));
