import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

const registry = new Registry();
collectDefaultMetrics({ register: registry });

/**
 * What /metrics shows. Nothing here may count tenders of a lot before its opening: counts are secret until then. So requests
 * carry no method and no path (an upload is the only PUT), and leaves are counted with their decoys, as the public log shows them.
 */
export const metrics = {
  registry,
  requests: new Histogram({
    name: 'http_request_seconds',
    help: 'Time to answer, by class of status',
    labelNames: ['status'],
    registers: [registry],
  }),
  leaves: new Counter({ name: 'journal_leaves_total', help: 'Leaves sequenced into the log', registers: [registry] }),
};
