import type { Page } from 'playwright-core';

export interface Observed {
  /** Errors that nobody caught, and requests that failed. */
  readonly errors: readonly string[];
  /** What the page told the console as an error. */
  readonly console: readonly string[];
}

const MOST = 10;
const LONGEST = 300;

/** Remembers what goes wrong on a page, from now on. */
export const observe = (page: Page): Observed => {
  const errors: string[] = [];
  const said: string[] = [];
  const keep = (list: string[], text: string) => {
    if (list.length < MOST) list.push(text.slice(0, LONGEST));
  };
  page.on('pageerror', (error) => keep(errors, `${error.name}: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400)
      keep(errors, `${response.request().method()} ${response.url()}: ${response.status()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed';
    // A page that is left takes its requests along.
    if (why !== 'net::ERR_ABORTED') keep(errors, `${request.method()} ${request.url()}: ${why}`);
  });
  page.on('console', (message) => {
    // What did not load is among the errors.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) keep(said, message.text());
  });
  return { errors, console: said };
};
