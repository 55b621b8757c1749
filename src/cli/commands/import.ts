import { readFileSync } from 'node:fs';
import { type Command, CommandError, connected, optional, say, signingKey } from '../command.ts';

/** `yangguang import ocds FILE`: registers a project from an OCDS release. */
export const importCommand: Command = {
  name: 'import',
  zh: '由 OCDS 发布文件登记项目',
  en: 'register a project from an OCDS release',
  usage: 'yangguang import ocds FILE --server URL --key me.p12 [--tenderer ORGANISATION]',
  options: { server: { type: 'string' }, key: { type: 'string' }, tenderer: { type: 'string' } },
  run: async (invocation) => {
    const [kind, file] = invocation.positionals;
    if (kind !== 'ocds' || file === undefined)
      throw new CommandError('usage', '用法 / usage: yangguang import ocds FILE');
    const client = await connected(invocation, signingKey(invocation));
    const tenderer = optional(invocation, 'tenderer');
    const release: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { project, notes } = await client.call<{ project: { id: string; code: string }; notes: string[] }>(
      'POST',
      '/api/projects/import/ocds',
      {
        release,
        ...(tenderer === undefined ? {} : { tenderer }),
      },
    );
    const list = notes.map((note) => `\n  请核对 check: ${note}`).join('');
    say(invocation, `已登记 registered ${project.code} ${project.id}${list}`, { ...project, notes });
    return 0;
  },
};
