import type { Page } from 'playwright-core';
import type { BrowserVerification } from '#contracts';

type Action = BrowserVerification['actions'][number];

const ACTS_MS = 10_000;

const enter = async (page: Page, target: string, value: string): Promise<void> => {
  const text = value.replace(/\n$/, '');
  const field = page.locator(target);
  await field.waitFor({ timeout: ACTS_MS });
  const isChoice = (await field.and(page.locator('select')).count()) > 0;
  if (isChoice) await field.selectOption(text, { timeout: ACTS_MS });
  else await field.fill(text, { timeout: ACTS_MS });
  if (text !== value) await field.press('Enter', { timeout: ACTS_MS });
};

/** @throws what the library says: nothing to act on, more than one, or nothing that can be acted on */
export const act = async (page: Page, { action, target, value = '' }: Action): Promise<void> => {
  switch (action) {
    case 'click':
      return page.locator(target).click({ timeout: ACTS_MS });
    case 'type':
      return enter(page, target, value);
    case 'navigate':
      await page.goto(new URL(target, page.url()).href);
      return;
    case 'wait_for':
      return page.locator(target).filter({ visible: true }).first().waitFor({ timeout: ACTS_MS });
  }
};
