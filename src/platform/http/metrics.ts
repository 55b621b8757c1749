import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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
  /** Set when it is read: each node answers for itself. */
  leads: new Gauge({
    name: 'journal_node_leads',
    help: '1 on the node that sequences the log and runs the timers, 0 on the others',
    registers: [registry],
  }),
  accessDropped: new Counter({
    name: 'access_log_dropped_total',
    help: 'Reads that the access log could not take',
    registers: [registry],
  }),
  leaves: new Counter({ name: 'journal_leaves_total', help: 'Leaves sequenced into the log', registers: [registry] }),
};
