import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { KeyMissing, RequestRefused } from './errors.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

const isLoopback = (host: string): boolean => LOOPBACK.has(host.toLowerCase());

/** Probes of the process carry no key. */
const OPEN: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Digests have one length, so the comparison takes one time. */
const isKey = (given: string, key: string): boolean => timingSafeEqual(digest(given), digest(key));

const hostnameOf = (authority: string): string => {
  const url = `http://${authority}`;
  return URL.canParse(url) ? new URL(url).hostname : '';
};

const requireKey = (key: string, { headers }: FastifyRequest): void => {
  const [, given] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (given === undefined || !isKey(given, key))
    throw new RequestRefused('unauthenticated', 401, 'send the key of this gateway: Authorization: Bearer <key>');
};

/**
 * Without a key this machine alone is trusted, but not every page that its browser shows: a foreign name that resolves
 * here (DNS rebinding) has a foreign Host, and a form of another site a foreign Origin.
 */
const requireLocal = ({ headers }: FastifyRequest): void => {
  if (!isLoopback(hostnameOf(headers.host ?? '')))
    throw new RequestRefused(
      'foreign_host',
      403,
      'without STUDIO_API_KEY only http://127.0.0.1 and localhost are served',
    );
  const { origin } = headers;
  if (origin !== undefined && !(URL.canParse(origin) && isLoopback(new URL(origin).hostname)))
    throw new RequestRefused('foreign_origin', 403, 'without STUDIO_API_KEY no page of another site is served');
};

/** @returns a check of each request, which throws to refuse it */
export const createGuard =
  (key: string | undefined) =>
  async (request: FastifyRequest): Promise<void> => {
    if (key === undefined) return requireLocal(request);
    if (!OPEN.has(request.routeOptions.url ?? '')) requireKey(key, request);
  };

/** @throws {KeyMissing} others could reach this address, and no key would stop them */
export const requireSafeAddress = (host: string, key: string | undefined): void => {
  if (key !== undefined && key.length > 0) return;
  if (!isLoopback(host))
    throw new KeyMissing(
      `the gateway would listen on ${host}, which other machines may reach; set STUDIO_API_KEY, or gateway.host to 127.0.0.1`,
      { host },
    );
};
