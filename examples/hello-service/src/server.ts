import { createServer, type Server } from 'node:http';
import { answer } from './router.ts';

/** The service, not yet listening. */
export const createService = (): Server =>
  createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { status, body } = answer(request.method ?? 'GET', url);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  });
