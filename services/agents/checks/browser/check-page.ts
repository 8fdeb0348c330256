import type { Browser, Page } from 'playwright-core';
import { act } from './actions.ts';
import { type Address, addressOf, type Place } from './address.ts';
import { brokenAssertions, firstLine, type Shown } from './assertions.ts';
import type { PageRequest } from './browser.ts';
import { observe } from './observed-page.ts';

export interface PageCheck extends Place {
  /** A `PageRequest`, as JSON. */
  readonly request: string;
  /** How long what is asserted may take to become so. */
  readonly patienceMs: number;
  readonly openBrowser: (
    request: PageRequest,
    environment: Place['environment'],
  ) => Promise<Pick<Browser, 'newPage' | 'close'>>;
}

export interface PageVerdict {
  readonly passed: boolean;
  readonly text: string;
}

/** Of what the page shows, and of what the server printed. Together less than a check keeps. */
const SHOWN_CHARACTERS = 1_200;
const SAID_CHARACTERS = 800;

const fails = (text: string): PageVerdict => ({ passed: false, text });

/** @returns what is wrong, line by line */
const open = async (page: Page, { url }: Address, { serve }: PageRequest): Promise<readonly string[]> => {
  try {
    const response = await page.goto(url);
    return response === null || response.ok() ? [] : [`${url} answered with ${response.status()}`];
  } catch (error) {
    const hint = serve === undefined ? '; `serve` names the command that starts a server' : '';
    return [`${url} was not opened: ${firstLine(error)}${/REFUSED/.test(firstLine(error)) ? hint : ''}`];
  }
};

const actAll = async (page: Page, { fill }: Address, { actions }: PageRequest): Promise<readonly string[]> => {
  for (const [index, action] of actions.entries()) {
    try {
      await act(page, { ...action, target: fill(action.target) });
    } catch (error) {
      return [`action ${index + 1}, ${action.action} ${action.target}, failed: ${firstLine(error)}`];
    }
  }
  return [];
};

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

/** What a person would look at to see why. */
const describePage = async ({ page, observed }: Shown, { said }: Address): Promise<readonly string[]> => {
  const title = await page.title().catch(() => '');
  const text = await page
    .locator('body')
    .allInnerTexts()
    .catch(() => []);
  return [
    ...part(`the page at ${page.url()}, "${title}", shows:`, linesOf(text.join('\n').slice(0, SHOWN_CHARACTERS))),
    ...part('errors on the page:', observed.errors),
    ...part('its console:', observed.console.slice(0, 5)),
    ...part('the server printed:', linesOf(said().slice(-SAID_CHARACTERS))),
  ];
};

const look = async (shown: Shown, address: Address, request: PageRequest): Promise<PageVerdict> => {
  const { page } = shown;
  const stopped = await open(page, address, request);
  const failed = stopped.length > 0 ? stopped : await actAll(page, address, request);
  const assertions = request.assertions.map(address.fill);
  const broken = failed.length > 0 ? failed : await brokenAssertions(shown, assertions);
  if (broken.length > 0) return fails([...broken, ...(await describePage(shown, address))].join('\n'));
  return { passed: true, text: `${page.url()}: ${assertions.join('; ')}` };
};

/** Serves a page, opens it, acts on it and judges it: one check, from its start to its end. */
export const checkPage = async ({
  request: text,
  patienceMs,
  openBrowser,
  ...place
}: PageCheck): Promise<PageVerdict> => {
  // `browserCommand` wrote it.
  const request = JSON.parse(text) as PageRequest;
  const address = await addressOf(request, place);
  try {
    if (address.why !== null) return fails([address.why, ...part('it printed:', linesOf(address.said()))].join('\n'));
    const browser = await openBrowser(request, place.environment);
    const page = await browser.newPage({ ignoreHTTPSErrors: /\/\/(?:localhost|127\.0\.0\.1)[:/]/.test(address.url) });
    const verdict = await look({ page, observed: observe(page), patienceMs }, address, request);
    await browser.close();
    return verdict;
  } catch (error) {
    return fails(firstLine(error));
  } finally {
    address.end();
  }
};
