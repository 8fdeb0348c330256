import { checkPage } from './check-page.ts';
import { openBrowser } from './open-browser.ts';

void checkPage({
  request: process.argv[2] ?? '',
  directory: process.cwd(),
  environment: process.env,
  patienceMs: 5_000,
  openBrowser,
  now: () => performance.now(),
}).then(({ passed, text }) => {
  // What was served or opened ends with this process.
  process.stdout.write(`${text}\n`, () => process.exit(passed ? 0 : 1));
});
