/** The openings room's own work: follows the projects' deadlines and moves openings on when their time comes. */
import type { DueHandler } from '../journal/index.ts';
import type { Caller } from '../platform/http/route.ts';
import { isRefusal } from '../platform/refusal.ts';
import { announce, answerOffer, openedLot } from './announce.ts';
import { hallChannel } from './channel.ts';
import { closeLot, openCommitments, raiseBarrier } from './close.ts';
import { callOf, type OpeningDeps, openingContext } from './context.ts';
import { openTenders, retryTender, setTenderAside } from './open.ts';
import { drawUpRecord, issueRecord, signRecord } from './record.ts';
import { discloseIdentity, giveKey, releaseKeys, releaseWork } from './release.ts';

/** Leaves after which an opening may have to be scheduled. */
const schedulers: ReadonlySet<string> = new Set([
  'project-published',
  'deadline-moved',
  'policy-formed',
  'project-terminated',
]);
/** How often this node looks for openings that it has not heard of, such as another node's. */
const syncMilliseconds = 5_000;

export type OpeningService = ReturnType<typeof openingService>;

export function openingService(deps: OpeningDeps) {
  const context = openingContext(deps);
  const { journal, projects, policies, logger } = context;

  /** Openings past their barrier, and those whose end is recorded: nothing is left to schedule. Only a memory of the table. */
  const settled = new Set<string>();
  const ended = new Set<string>();

  /** Schedules every published project's opening, and again where its deadline or policy has changed. Repeating it does nothing. */
  const sync = async (): Promise<void> => {
    const reader = journal.db.read();
    for (const { opening, project, lots, deadline } of await projects.publishedOpenings(reader)) {
      if (settled.has(opening)) continue;
      const formed = await policies.inForce(reader, opening);
      const state = await context.stateOf(opening);
      if (state?.barrier) settled.add(opening);
      if (!formed || state?.barrier) continue;
      const { mode, k, officers } = formed.policy;
      if (state && state.deadline === deadline && state.k === k && state.n === officers.length && state.mode === mode)
        continue;
      const answer = await context.act(
        opening,
        { type: 'schedule', project, lots, deadline, mode, k, n: officers.length },
        context.system,
      );
      if (isRefusal(answer)) logger.warn({ opening, code: answer.code }, 'opening not scheduled');
    }
    for (const opening of await projects.terminatedOpenings(reader)) {
      if (ended.has(opening)) continue;
      const state = await context.stateOf(opening);
      if (state && state.terminatedAt !== null) ended.add(opening);
      if (state && state.terminatedAt === null) await context.act(opening, { type: 'terminate' }, context.system);
    }
  };

  const due: DueHandler = async (opening, tick) => {
    const [what, lot = ''] = tick.split(' ');
    if (what === 'barrier') {
      // A policy or deadline changed, or a project ended, a moment ago.
      await sync();
      await raiseBarrier(context, opening);
    } else if (what === 'close') await closeLot(context, opening, lot);
    else if (what === 'open-commitments') await openCommitments(context, opening, lot);
    else if (what === 'end-keys') await context.act(opening, { type: 'endKeys', lot }, context.system);
    else if (what === 'open') await openTenders(context, opening, lot);
    else if (what === 'issue-record') {
      const state = await context.stateOf(opening);
      if (state) await issueRecord(context, state);
    }
  };

  let timer: NodeJS.Timeout | undefined;
  let following: { stop(): Promise<void> } | undefined;
  let running: Promise<void> = Promise.resolve();
  const syncSoon = () => {
    running = running
      .then(sync)
      .catch((error: unknown) => logger.error({ err: error }, 'openings could not be scheduled'));
  };
  return {
    stateOf: context.stateOf,
    channel: hallChannel(context),
    opened: openedLot,
    sync,
    due,
    releaseWork: (opening: string, lot: string, call: Caller) => releaseWork(context, opening, lot, call),
    releaseKeys: (opening: string, lot: string, document: { bytes: Uint8Array; signature: Uint8Array }, call: Caller) =>
      releaseKeys(context, opening, lot, document, call),
    giveKey: (opening: string, lot: string, identity: string, call: Caller) =>
      giveKey(context, opening, lot, identity, call),
    retryTender: (opening: string, lot: string, manifestSha256: string, call: Caller) =>
      retryTender(context, opening, lot, manifestSha256, call),
    setTenderAside: (
      opening: string,
      lot: string,
      about: { readonly manifestSha256: string; readonly reason: string },
      call: Caller,
    ) => setTenderAside(context, opening, lot, about, call),
    announce: (opening: string, lot: string, call: Caller) => announce(context, opening, lot, call),
    answerOffer: (opening: string, lot: string, objection: string | null, call: Caller) =>
      answerOffer(context, opening, lot, objection, call),
    answerObjection: (opening: string, lot: string, id: string, text: string, call: Caller) =>
      context.act(opening, { type: 'answerObjection', lot, id, text }, callOf(call)),
    drawUpRecord: (opening: string, call: Caller) => drawUpRecord(context, opening, call),
    signRecord: (opening: string, signature: Uint8Array, call: Caller) => signRecord(context, opening, signature, call),
    discloseIdentity: (opening: string, policy: string, identity: string, call: Caller) =>
      discloseIdentity(context, opening, policy, identity, call),
    start: async () => {
      await sync();
      following = journal.follow(journal.size(), async (entries) => {
        if (entries.some((entry) => schedulers.has(entry.kind))) await sync();
      });
      timer = setInterval(syncSoon, syncMilliseconds);
      timer.unref();
    },
    stop: async () => {
      clearInterval(timer);
      await following?.stop();
      await running;
    },
  };
}
