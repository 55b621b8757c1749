/** Sealed tenders: chains of acts by hidden handles, resumable uploads, questions, guarantees, decoys. Grade: procedure. */
import { actsOf } from './acts.ts';
import { startDecoys } from './decoys.ts';
import { ownTenderRoutes } from './own-routes.ts';
import { tenderRoutes } from './routes.ts';
import { type TenderDeps, tenderService } from './service.ts';

export type { SequencedAct } from './acts.ts';
export { chainProcedure } from './procedure.ts';
export { barrierSeconds, type ChainState, chainId } from './rules.ts';

/** Mean seconds between decoys when nothing else is configured. */
const decoyMeanSeconds = 600;

export type Tenders = ReturnType<typeof tenders>;

export function tenders(deps: TenderDeps) {
  const service = tenderService(deps);
  let stopDecoys = () => {};
  return {
    ...service,
    actsOf,
    routes: [
      ...tenderRoutes({ journal: deps.journal, tenders: service }),
      ...ownTenderRoutes({ journal: deps.journal, tenders: service, clock: deps.clock }),
    ],
    start: async () => {
      await service.uploads.sweep();
      stopDecoys = startDecoys({
        openLots: () => deps.projects.lotsTakingTenders(deps.journal.db.read()),
        file: service.fileDecoy,
        logger: deps.logger,
        meanSeconds: decoyMeanSeconds,
      });
    },
    stop: async () => stopDecoys(),
  };
}
