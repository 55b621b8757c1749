/** The journal: the one door for writing, and the log that strangers check. What other rooms may use. */
export type { Acted, Actor, ActRequest, DueTick, Journal, Procedure, Tx } from './act.ts';
export { actLimitMilliseconds, databaseNow, openJournal, utcText } from './act.ts';
export { type AuditFinding, type AuditReport, auditAll, auditSubject, auditTree, unauditedKinds } from './audit.ts';
export { logChannel } from './channel.ts';
export { type DueHandler, type DueHandlers, type DueTimer, openDue } from './due.ts';
export type { LogEntry } from './feed.ts';
export { LogRefusesToStart } from './head.ts';
export type { Publication } from './leaf.ts';
export { logOrigin, type Reader } from './log.ts';
export { journalRefusals, type Receipt } from './receipts.ts';
export { journalRoutes } from './routes.ts';
export { sqlArray } from './sql-array.ts';
