/** `npm run demo`: starts a server and two outside witnesses, plays one whole tender over HTTP, leaves the evidence in demo-out. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatVkey, logKeyType } from '../../formats/log/note.ts';
import { nativePrimitives } from '../../platform/age-primitives.ts';
import { createSigner } from '../../platform/signer-file.ts';
import { verifyCommand } from '../../verify/report.ts';
import { type RunningWitness, runWitness } from '../../witness-node/witness.ts';
import { connect } from '../client.ts';
import { saveBundle } from '../programs/save-bundle.ts';
import { silent, terminalProgress } from '../progress.ts';
import { type Played, playChain } from './chain.ts';
import { openCity } from './city.ts';
import { readTrust, type World } from './stage.ts';

export type DemoOptions = { readonly out: string; readonly megabytes: number; readonly json: boolean };

/** The chain's own clock: this machine's plus what the server's was moved by. */
type DemoClock = { offset: Temporal.Duration; now(): Temporal.Instant };

/** Where the story begins: a Monday of a year whose rest days are known. */
const demoStart = '2026-03-02T01:00:00Z';

/** Plays the demo; answers the exit code. Everything but demo-out lies in a temporary folder and is removed. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'yangguang-demo-'));
  const clock: DemoClock = {
    offset: Temporal.Instant.from(demoStart).since(Temporal.Now.instant()),
    now: () => Temporal.Now.instant().add(clock.offset),
  };
  const closing: (() => Promise<void>)[] = [];
  const say = (line: string) => (options.json ? undefined : process.stdout.write(`${line}\n`));
  try {
    say('阳光交易演示：一项招标从登记到凭证 / one tender from registration to its certificate\n');
    const { witnessPolicy, env } = await startWitnesses(folder, clock, closing);
    const server = await startServer(folder, env, closing);
    const played = await play(options, folder, server, clock, witnessPolicy, say);
    say(`\n结果在 ${resolve(options.out)} / results in ${resolve(options.out)}`);
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ ok: true, out: resolve(options.out), project: played.published.code })}\n`,
      );
    return 0;
  } finally {
    for (const close of closing.toReversed()) await close().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two outside witnesses with their own keys and state files, and the log policy that asks for both. */
async function startWitnesses(folder: string, clock: DemoClock, closing: (() => Promise<void>)[]) {
  const log = createSigner(join(folder, 'data', 'secrets', 'log-key'), 'log.yangguang.example/yangguang', logKeyType);
  const logVkey = formatVkey(log.key);
  const witnesses: RunningWitness[] = [];
  for (const name of ['supervisor.example/w1', 'association.example/w2']) {
    const home = join(folder, `witness-${witnesses.length + 1}`);
    mkdirSync(home);
    const running = await runWitness({
      name,
      logVkey,
      keyFile: join(home, 'key'),
      stateFile: join(home, 'state'),
      listen: { host: '127.0.0.1', port: 0 },
      ...(process.env.DEMO_LOG
        ? {
            log: (event: string, details: object) =>
              void process.stderr.write(`W ${name} ${event} ${JSON.stringify(details)}\n`),
          }
        : {}),
      seconds: () => BigInt(Math.floor(clock.now().epochMilliseconds / 1000)),
    });
    witnesses.push(running);
    closing.push(() => running.close());
  }
  const lines = witnesses.map((w, i) => `witness w${i + 1} ${w.vkey} ${w.url}`);
  const witnessPolicy = `log ${logVkey}\n${lines.join('\n')}\ngroup both 2 w1 w2\nquorum both\n`;
  const policyFile = join(folder, 'log-policy');
  writeFileSync(policyFile, witnessPolicy);
  return { witnessPolicy, env: { LOG_POLICY_FILE: policyFile, WITNESS_URLS: witnesses.map((w) => w.url).join(',') } };
}

/** A server of its own as another process, on a free port, with the demo clock. */
async function startServer(
  folder: string,
  env: Record<string, string>,
  closing: (() => Promise<void>)[],
): Promise<{ base: string; dataDir: string }> {
  const dataDir = join(folder, 'data');
  const child = spawn(process.execPath, [fileURLToPath(new URL('../serve.ts', import.meta.url))], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      DEMO: '0',
      ...env,
      PORT: '0',
      DATA_DIR: dataDir,
      DEMO_CLOCK: '1',
      DEMO_CLOCK_START: demoStart,
      REQUESTS_PER_MINUTE: '100000',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  closing.push(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const base = await new Promise<string>((ready, fail) => {
    child.once('exit', (code) => fail(new Error(`服务未能启动 / the server did not start (exit ${code})`)));
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (text.length > 1_000_000) return;
      text += chunk.toString();
      if (process.env.DEMO_LOG) process.stderr.write(chunk);
      const found = /"address":"(http:[^"]+)"/.exec(text)?.[1];
      if (found) ready(found);
    });
  });
  return { base, dataDir };
}

async function play(
  options: DemoOptions,
  folder: string,
  server: { base: string; dataDir: string },
  clock: DemoClock,
  witnessPolicy: string,
  say: (line: string) => unknown,
): Promise<Played> {
  const { base, dataDir } = server;
  const { trust, roots } = await readTrust(base, witnessPolicy);
  const visitor = await connect({ base });
  /** Moves the server's clock and sets ours by its answer, so that the two never drift apart. */
  const move = async (seconds: number) => {
    const { now } = await visitor.call<{ now: string }>('POST', '/demo/clock', { seconds });
    clock.offset = Temporal.Instant.from(now).since(Temporal.Now.instant());
  };
  await move(1);
  let line = 0;
  const world: World = {
    base,
    folder,
    trust,
    roots,
    megabytes: options.megabytes,
    now: clock.now,
    city: await openCity({ base, dataDir, clock }),
    progress: options.json ? silent : terminalProgress(),
    advanceTo: async (instant) => {
      const ahead = Math.ceil(Temporal.Instant.from(instant).since(clock.now()).total('seconds'));
      if (ahead < 1) return;
      await move(ahead);
    },
    tell: (text, proof) => {
      line += 1;
      const day = clock
        .now()
        .toZonedDateTimeISO('Asia/Shanghai')
        .toString({ smallestUnit: 'second', offset: 'never', timeZoneName: 'never' });
      say(
        `${String(line).padStart(2)}  ${day.replace('T', ' ')}  ${text}${proof === undefined ? '' : `\n      └ ${proof}`}`,
      );
    },
  };
  const played = await playChain(world);
  world.progress.end();
  await leave(options.out, world, played);
  return played;
}

/** Writes certificates, bundles and the trust file. */
async function leave(out: string, world: World, { cast, published, receipts, documents }: Played): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const save = async (name: string, path: string) =>
    writeFileSync(join(out, name), await cast.supervisor.client.download(path));
  const opening = await cast.host.client.call<{ record: { pdf: { sha256: string } } }>(
    'GET',
    `/api/openings/${published.opening}`,
  );
  await save('certificate.pdf', `/api/certificates/${documents['result-certificate']}`);
  await save('award-notice.pdf', `/api/certificates/${documents['award-notice']}`);
  await save('opening-record.pdf', `/api/certificates/${opening.record.pdf.sha256}`);
  await cast.host.client.call('POST', `/api/witness/${published.project}/document`);
  await save('witness-record.pdf', `/api/witness/${published.project}/document`);
  await save('report.pdf', `/api/evaluations/${published.lot}/report.pdf`);
  world.tell(
    `公开材料 ${await saveBundle(cast.host.client, published.project, 'public', join(out, 'bundle', 'public'))} 个文件 / public bundle`,
  );
  world.tell(
    `审计材料 ${await saveBundle(cast.auditor.client, published.project, 'audit', join(out, 'bundle', 'audit'))} 个文件 / audit bundle`,
  );
  mkdirSync(join(out, 'receipts'));
  for (const [i, receipt] of receipts.entries()) writeFileSync(join(out, 'receipts', `${i + 1}.tlog-proof`), receipt);
  const trustPath = join(out, 'trust.json');
  writeFileSync(trustPath, `${JSON.stringify(world.trust, null, 2)}\n`);
  writeFileSync(join(out, 'root.pem'), world.trust.caRoots.join('\n'));
  for (const level of ['public', 'audit']) {
    const exit = await verifyCommand(join(out, 'bundle', level), trustPath, {
      primitives: nativePrimitives,
      print: () => {},
    });
    if (exit !== 0)
      throw new Error(
        `核验不通过 / the ${level} bundle does not verify; see: yangguang verify ${join(out, 'bundle', level)} --trust ${trustPath}`,
      );
    world.tell(
      `${level === 'public' ? '公开' : '审计'}材料离线核验通过 / the ${level} bundle verifies offline`,
      `yangguang verify ${join(out, 'bundle', level)} --trust ${trustPath}`,
    );
  }
}
