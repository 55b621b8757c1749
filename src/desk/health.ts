/**
 * The health of the house. Nothing here may count tenders before their opening: sizes are rounded, uploads under way are left
 * out, and entries are counted with their decoys as the public log shows them.
 */
import type { z } from 'zod';
import { type Journal, utcText } from '../journal/index.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { AccessLog } from '../platform/http/access-log.ts';
import type { Vitals } from '../platform/vitals.ts';
import type { health } from './contracts.ts';
import { noticeFollower } from './notice-names.ts';

type Health = z.infer<typeof health>;
type Deps = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly vitals: Vitals;
  readonly accessLog: Pick<AccessLog, 'figures'>;
  readonly nats: () => Health['nats'];
  readonly witnesses: number;
  readonly mailEnabled: boolean;
};

const [mebibyte, gibibyte] = [1024 ** 2, 1024 ** 3];
const roundTo = (value: number, step: number): number => Math.ceil(value / step) * step;
const tenth = (value: number): number => Math.round(value * 10) / 10;

export async function healthOf(deps: Deps): Promise<Health> {
  const { journal, clock, vitals, accessLog } = deps;
  const offset = clock.offsetMicroseconds().toString();
  const began = performance.now();
  const before = clock.now();
  const [row] = await journal.db.query(figures, [offset, offset, offset, offset, noticeFollower]);
  const roundTrip = performance.now() - began;
  const f = row!;
  const middle = before.add({ microseconds: Math.round((roundTrip * 1000) / 2) });
  const now = Temporal.Instant.from(String(f.at));
  const disk = await vitals.disk();
  const { mean, max } = vitals.eventLoop();
  const { memoryBytes, uptimeSeconds } = vitals.process();
  const size = f.checkpoint_size == null ? null : String(f.checkpoint_size);
  const found: Omit<Health, 'status' | 'warnings'> = {
    at: String(f.at),
    sequencer: {
      leadsHere: journal.leads(),
      leader: f.leader == null ? null : String(f.leader),
      leaseUntil: f.lease == null ? null : String(f.lease),
      pendingEntries: Number(f.pending),
      lagSeconds: tenth(Math.max(0, Number(f.lag ?? 0))),
    },
    checkpoint:
      size === null
        ? null
        : { size, at: String(f.checkpoint_at), cosignatures: Number(f.cosignatures), witnessesAsked: deps.witnesses },
    database: {
      kind: journal.db.kind,
      mebibytes: roundTo(Number(f.bytes) / mebibyte, 64),
      clockOffsetMilliseconds: tenth(now.since(middle).total('milliseconds')),
      roundTripMilliseconds: tenth(roundTrip),
    },
    files: {
      gibibytes: roundTo(disk.bytes / gibibyte, 1),
      freeGibibytes: Math.floor(disk.freeBytes / gibibyte),
      freePercent: Math.floor((disk.freeBytes / disk.diskBytes) * 100),
    },
    process: {
      eventLoopDelayMeanMilliseconds: tenth(mean),
      eventLoopDelayMaxMilliseconds: tenth(max),
      memoryMebibytes: Math.round(memoryBytes / mebibyte),
      uptimeSeconds,
    },
    dueTimer: { nextWake: f.next_due == null ? null : String(f.next_due), overdue: Number(f.overdue) },
    nats: deps.nats(),
    mail: { enabled: deps.mailEnabled, waiting: Number(f.mail_waiting), failed: Number(f.mail_failed) },
    accessLog: { ...accessLog.figures() },
    notices: { behind: Math.max(0, Number(journal.size()) - Number(f.noticed)) },
  };
  const warnings = warningsOf(found);
  return { ...found, warnings, status: warnings.length === 0 ? 'ok' : 'attention' };
}

/** One statement, so that all figures are of one moment. */
const now = `(clock_timestamp() + ? * interval '1 microsecond')`;
const figures = `
  with waiting as (
    select e.at from journal_entry e where e.ordinal > coalesce((select max(watermark) from journal_lease), 0)
      and not exists (select 1 from journal_leaf l where l.entry_id = e.id)
  ), newest as (select size, at from journal_checkpoint order by size desc limit 1)
  select ${utcText(now)} as at,
    (select owner from journal_lease where name = 'sequencer' and expires > clock_timestamp()) as leader,
    (select ${utcText('expires')} from journal_lease where name = 'sequencer') as lease,
    (select count(*) from waiting) as pending,
    (select extract(epoch from ${now} - min(at)) from waiting) as lag,
    (select size::text from newest) as checkpoint_size,
    (select ${utcText('at')} from newest) as checkpoint_at,
    (select count(*) from journal_cosignature c join newest n on c.size = n.size) as cosignatures,
    pg_database_size(current_database())::text as bytes,
    (select ${utcText('min(at)')} from due) as next_due,
    (select count(*) from due where at < ${now} - interval '1 minute') as overdue,
    (select count(*) from notice where mail in ('waiting', 'sending')) as mail_waiting,
    (select count(*) from notice where mail = 'failed' and at > ${now} - interval '7 days') as mail_failed,
    coalesce((select next_index from journal_cursor where name = ?), 0)::text as noticed`;

function warningsOf(h: Omit<Health, 'status' | 'warnings'>): Health['warnings'] {
  const all: (readonly [boolean, string, string, string])[] = [
    [
      h.sequencer.lagSeconds > 30,
      'sequencer-lags',
      '条目排号延迟超过 30 秒',
      'Entries have waited for their index over 30 s',
    ],
    [h.files.freePercent < 10, 'disk-full', '磁盘剩余不足一成', 'Less than a tenth of the disk is free'],
    [
      Math.abs(h.database.clockOffsetMilliseconds) > 1_000,
      'clocks-differ',
      '数据库与本机时钟相差超过 1 秒',
      'The clocks of database and process differ by over 1 s',
    ],
    [h.dueTimer.overdue > 0, 'due-late', '有到期事项未处理', 'Something due has not been handled'],
    [h.nats === 'disconnected', 'nats-gone', '节点间通知已断开，只靠轮询', 'NATS is gone: nodes poll'],
    [h.accessLog.dropped > 0, 'access-log-lost', '查阅记录有丢失', 'The access log has lost rows'],
    [h.mail.failed > 0, 'mail-fails', '有邮件发送失败', 'Some mail could not be sent'],
    [h.notices.behind > 1_000, 'notices-behind', '通知落后于日志', 'Notices lag behind the log'],
  ];
  return all.filter(([holds]) => holds).map(([, code, zh, en]) => ({ code, zh, en }));
}
