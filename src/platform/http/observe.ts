/** The outermost layer: request id, one log line, metrics, and problem documents for what was thrown. */
import type Koa from 'koa';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import { commonRefusal, RefusalError } from '../refusal.ts';
import { metrics } from './metrics.ts';
import { sendProblem } from './problem.ts';
import type { HttpState } from './request-state.ts';

/**
 * Gives the request its id (never taken from the client: it stands in the journal), logs it once and counts it. The log names
 * the operation, not the path or the query: per-lot paths would count tenders, and searches may hold names.
 */
export function observe(logger: Logger): Koa.Middleware<HttpState> {
  // Its fields are fixed below and none is a secret: striking out by name would cost a twentieth of a request.
  const access = logger.child({}, { redact: [] });
  return async (ctx, next) => {
    const started = performance.now();
    ctx.state.requestId = newId();
    ctx.set('X-Request-Id', ctx.state.requestId);
    try {
      await next();
    } catch (error) {
      const gone = ctx.req.destroyed && !ctx.req.complete;
      if (error instanceof RefusalError) sendProblem(ctx, error.refusal, ctx.state.requestId);
      else if (gone) logger.info({ requestId: ctx.state.requestId }, 'the client went away');
      else {
        logger.error({ err: error, requestId: ctx.state.requestId }, 'unexpected error');
        sendProblem(ctx, commonRefusal('internal-error'), ctx.state.requestId);
      }
    }
    const milliseconds = performance.now() - started;
    metrics.requests.observe({ status: `${Math.floor(ctx.status / 100)}xx` }, milliseconds / 1000);
    access.info(
      {
        requestId: ctx.state.requestId,
        method: ctx.method,
        operation: ctx.state.operation ?? null,
        status: ctx.status,
        ms: Math.round(milliseconds),
      },
      'request',
    );
  };
}
