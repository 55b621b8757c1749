/** Requests a minute per address, in memory that does not grow with the number of addresses. */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type Koa from 'koa';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { randomOctets } from '../ids.ts';
import { commonRefusal, RefusalError } from '../refusal.ts';

/** Addresses share this many counters; at ten thousand busy addresses one in thirteen shares with another. */
const counters = 1 << 17;
/** Addresses whose counter need not be computed anew. */
const rememberedAddresses = 10_000;

/**
 * Refuses with `too-many-requests` and Retry-After. An attacker owns a whole IPv6 /64, so that is one address here; and the
 * counter of an address is picked by a keyed hash, so nobody can find addresses that collide with a victim's.
 */
export function limitRate(requestsPerMinute: number): Koa.Middleware {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  const key = randomOctets(16);
  const known = new Map<string, string>();
  const counterOf = (address: string): string => {
    const found = known.get(address);
    if (found !== undefined) return found;
    if (known.size >= rememberedAddresses) known.clear();
    const digest = createHmac('sha256', key).update(networkOf(address)).digest();
    const counter = String(digest.readUInt32BE(0) % counters);
    known.set(address, counter);
    return counter;
  };
  return async (ctx, next) => {
    try {
      await limiter.consume(counterOf(ctx.ip));
    } catch (exceeded) {
      const seconds = Math.ceil(((exceeded as RateLimiterRes).msBeforeNext ?? 60_000) / 1000);
      ctx.set('Retry-After', String(seconds));
      throw new RefusalError(commonRefusal('too-many-requests', { retryAfterSeconds: seconds }));
    }
    await next();
  };
}

/** The /64 of an IPv6 address (an IPv4 one written as IPv6 stays whole); an IPv4 address as it is. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
