/** Care for the connection pool that the query builder under the ORM does not take. */
import type { Pool, PoolClient } from 'pg';

/** Whoever held a connection when it was lost has had its error by then. */
const graceMilliseconds = 100;

/**
 * Gives the places of lost connections back to the pool. The query builder (kysely 0.x, controlled transactions) releases a
 * connection after COMMIT or ROLLBACK only; where BEGIN or ROLLBACK fails because the connection is dead it never does, so
 * that sixteen lost connections would leave a pool of sixteen empty for ever.
 */
export function reclaimLostConnections(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      setTimeout(() => {
        if (!held.delete(client)) return;
        client.release(true);
        client.release = () => {}; // A holder that comes late finds nothing to give back.
      }, graceMilliseconds).unref();
    });
  });
}
