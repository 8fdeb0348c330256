import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { type PageAssertion, parseAssertion } from '#domain';
import type { Observed } from './observed-page.ts';

const EVERY_MS = 50;
/** Requests that are under way may still fail; a page that never stops asking is not waited for. */
const QUIET_MS = 2_000;

/** What is wrong, or `null`. */
type Wrong = string | null;

/** Of what the library says, without the name of its function. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^\w+\.\w+: /, '').split('\n', 1)[0] ?? '';

const awaited = async (wait: Promise<void>, otherwise: string): Promise<Wrong> =>
  wait.then(
    () => null,
    (error: unknown) => (error instanceof Error && error.name === 'TimeoutError' ? otherwise : firstLine(error)),
  );

export interface Shown {
  readonly page: Page;
  readonly observed: Observed;
  /** How long something may take to become so. */
  readonly patienceMs: number;
}

const visible = (locator: Locator): Locator => locator.filter({ visible: true }).first();

const contains = async (read: () => Promise<string>, value: string, name: string, timeout: number): Promise<Wrong> => {
  for (let waited = 0; ; waited += EVERY_MS) {
    // While the page goes to another one it has no title.
    const found = await read().catch(() => '');
    if (found.includes(value)) return null;
    if (waited >= timeout) return `the ${name} is "${found}"`;
    await delay(EVERY_MS);
  }
};

const noErrors = async (page: Page, { errors }: Observed): Promise<Wrong> => {
  await page.waitForLoadState('networkidle', { timeout: QUIET_MS }).catch(() => undefined);
  return errors.length === 0 ? null : `there were ${errors.length}`;
};

const holds = ({ page, observed, patienceMs: timeout }: Shown, assertion: PageAssertion): Promise<Wrong> => {
  switch (assertion.about) {
    case 'text':
      return awaited(
        visible(page.getByText(assertion.value)).waitFor({ timeout }),
        'no such text is visible on the page',
      );
    case 'visible':
      return awaited(visible(page.locator(assertion.value)).waitFor({ timeout }), 'nothing visible matches');
    case 'hidden':
      return awaited(visible(page.locator(assertion.value)).waitFor({ state: 'hidden', timeout }), 'it is visible');
    case 'title':
      return contains(() => page.title(), assertion.value, 'title', timeout);
    case 'url':
      return contains(async () => page.url(), assertion.value, 'address', timeout);
    case 'errors':
      return noErrors(page, observed);
  }
};

/** What is there comes first: before it is, what must not be there is not there yet either. */
const isAboutAbsence = (assertion: PageAssertion) => assertion.about === 'hidden' || assertion.about === 'errors';

/** @returns a line for each assertion that does not hold */
export const brokenAssertions = async (shown: Shown, assertions: readonly string[]): Promise<readonly string[]> => {
  const parsed = assertions.map((text) => ({ text, says: parseAssertion(text) }));
  const judge = async ({ text, says }: (typeof parsed)[number]): Promise<string[]> => {
    const wrong = 'problem' in says ? says.problem : await holds(shown, says);
    return wrong === null ? [] : [`the assertion "${text}" does not hold: ${wrong}`];
  };
  const isLater = ({ says }: (typeof parsed)[number]) => !('problem' in says) && isAboutAbsence(says);
  const first = await Promise.all(parsed.filter((each) => !isLater(each)).map(judge));
  const later = await Promise.all(parsed.filter(isLater).map(judge));
  return [...first, ...later].flat();
};
