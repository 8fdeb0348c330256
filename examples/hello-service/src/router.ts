import { greet, languages } from './greetings.ts';

export interface Request {
  /** The parts of the path that the route names: `name` for `/greetings/:name`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handle: (request: Request) => Reply;
}

const greeting = ({ params, query }: Request): Reply => {
  const message = greet(params.name ?? '', query.get('language') ?? 'en');
  if (message === undefined) return { status: 404, body: { error: 'unknown language', languages } };
  return { status: 200, body: { message } };
};

export const routes: readonly Route[] = [
  { method: 'GET', path: '/greetings/:name', handle: greeting },
  { method: 'GET', path: '/languages', handle: () => ({ status: 200, body: { languages } }) },
];

/** The part of a path, decoded; `undefined` where its percent signs make no sense. */
const decode = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
};

/** What the path gives the route, or `undefined` when it is not a path of this route. */
const matchPath = (route: Route, path: string): Record<string, string> | undefined => {
  const expected = route.path.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = decode(actual[index] ?? '');
    if (part.startsWith(':') && value) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
};

/** Answers a request: 404 for a path that no route has, 405 for one that has other methods. */
export const answer = (method: string, url: URL): Reply => {
  const found = routes.flatMap((route) => {
    const params = matchPath(route, url.pathname);
    return params === undefined ? [] : [{ route, params }];
  });
  if (found.length === 0) return { status: 404, body: { error: 'not found' } };
  const match = found.find(({ route }) => route.method === method);
  if (match === undefined) return { status: 405, body: { error: 'method not allowed' } };
  return match.route.handle({ params: match.params, query: url.searchParams });
};
