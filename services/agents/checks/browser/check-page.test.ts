import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '#workspace';
import type { PageRequest } from './browser.ts';
import { checkPage, type PageCheck } from './check-page.ts';
import { openBrowser } from './open-browser.ts';

const program = await findProgram('chromium', process.env.PATH ?? '');
const library = createRequire(import.meta.url).resolve('playwright-core');

const PAGE = `<!doctype html>
<title>Guests of the house</title>
<link rel="stylesheet" href="/style.css" />
<h1>Who is <em>there</em>?</h1>
<p class="hidden">A text that nobody sees</p>
<form>
  <input id="name" /> <select id="room"><option>Attic</option><option>Cellar</option></select>
  <button>Come in</button>
</form>
<ul></ul>
<a href="broken.html">Next</a>
<script>
  document.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    setTimeout(() => {
      const item = document.createElement('li');
      item.textContent = document.querySelector('#name').value + ' in the ' + document.querySelector('#room').value;
      document.querySelector('ul').append(item);
    }, 50);
  });
</script>`;
const BROKEN = `<title>Broken</title><p>Half a page</p><script>console.error('oh'); nothing();</script>
<img src="none.png" onerror="document.querySelector('p').id = 'all'">`;
const SERVER = `require('http').createServer((request, response) => {
  console.log(request.url);
  response.writeHead(request.url === '/' ? 200 : 503).end('At your service');
}).listen(process.env.PORT, '127.0.0.1');`;

let directory: string;
let shared: ReturnType<typeof openBrowser> | null = null;

/** One for all pages of this file. */
const openShared: PageCheck['openBrowser'] = async (request, environment) => {
  shared ??= openBrowser(request, environment);
  const browser = await shared;
  return { newPage: (options) => browser.newPage(options), close: async () => undefined };
};

beforeAll(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'studio-pages-')), 'a workspace');
  await mkdir(join(directory, 'public'), { recursive: true });
  await writeFile(join(directory, 'public/guests.html'), PAGE);
  await writeFile(join(directory, 'public/broken.html'), BROKEN);
  await writeFile(join(directory, 'public/style.css'), '.hidden { display: none }');
  await writeFile(join(directory, 'server.js'), SERVER);
  await writeFile(join(directory, '../secret.html'), 'secret');
  await symlink('../../secret.html', join(directory, 'public/out.html'));
});
afterAll(async () => {
  await (await shared)?.close();
  await rm(join(directory, '..'), { recursive: true, force: true });
});

const check = (request: Partial<PageRequest>, { patienceMs = 20_000, open = openShared } = {}) =>
  checkPage({
    request: JSON.stringify({ url: 'public/guests.html', actions: [], assertions: [], program, library, ...request }),
    directory,
    environment: process.env,
    patienceMs,
    openBrowser: open,
    now: () => performance.now(),
  });

const why = program === null ? ' (skipped: no chromium on the PATH)' : '';

describe.skipIf(program === null)(`a page${why}`, () => {
  test('of the workspace is served with what lies beside it, acted on, and shows what was asserted', async () => {
    const assertions = [
      'who is there?',
      'Ada in the Cellar',
      'Eve in the Cellar',
      'title: of the house',
      'url: guests.html?x=1#top',
      'visible: li:has-text("Ada")',
      'hidden: text=nobody sees',
      'no errors',
    ];
    const actions: PageRequest['actions'] = [
      { action: 'wait_for', target: 'role=button[name="Come in"]' },
      { action: 'type', target: '#room', value: 'Cellar' },
      { action: 'type', target: '#name', value: 'Ada' },
      { action: 'click', target: 'text=Come in' },
      { action: 'wait_for', target: 'text=Ada in the' },
      { action: 'type', target: '#name', value: 'Eve\n' },
    ];
    const { passed, text } = await check({ url: 'public/guests.html?x=1#top', actions, assertions });
    expect({ passed, text }).toEqual({
      passed: true,
      text: expect.stringMatching(/^http:.*#top: who is there\?; Ada/),
    });
  });

  test('that is not as asserted is told with every assertion that does not hold, and with what it shows', async () => {
    const assertions = ['A whole page', 'title: Fine', 'visible: h9[', 'hidden: p', 'no errors'];
    const actions: PageRequest['actions'] = [
      { action: 'click', target: 'text=Next' },
      { action: 'wait_for', target: '#all' },
    ];
    const { passed, text } = await check({ actions, assertions }, { patienceMs: 100 });
    expect(passed).toBe(false);
    expect(text).toMatch(
      new RegExp(
        [
          '^the assertion "A whole page" does not hold: no such text is visible on the page',
          'the assertion "title: Fine" does not hold: the title is "Broken"',
          'the assertion "visible: h9\\[" does not hold: .* while parsing css selector .*',
          'the assertion "hidden: p" does not hold: it is visible',
          'the assertion "no errors" does not hold: there were 2',
          'the page at http://127.0.0.1:\\d+/broken.html, "Broken", shows:',
          '  Half a page',
          'errors on the page:',
          '(  ReferenceError: nothing is not defined|  GET .*/none.png: 404)',
          '(  ReferenceError: nothing is not defined|  GET .*/none.png: 404)',
          'its console:',
          '  oh$',
        ].join('\n'),
      ),
    );
  });

  test('on which an action cannot be done is told with the action', async () => {
    const twice = await check({ actions: [{ action: 'click', target: 'option' }], assertions: ['x'] });
    expect(twice.text).toMatch(/^action 1, click option, failed: .*strict mode violation/);
  });

  test('that answers with an error, or not at all, has failed', async () => {
    const out = await check({ url: 'public/out.html', assertions: ['secret'] });
    expect(out).toEqual({ passed: false, text: expect.stringMatching(/answered with 404/) });
    const nobody = await check({ url: 'http://127.0.0.1:1/', assertions: ['x'] });
    expect(nobody.text).toMatch(/was not opened: .*ERR_(?:UNSAFE_PORT|CONNECTION_REFUSED)/);
  });

  test('is served by a command, which is told the free port', async () => {
    const url = 'http://127.0.0.1:{port}/';
    const served = await check({ url, serve: 'exec node server.js', assertions: ['At your service', 'url: :{port}/'] });
    expect(served).toMatchObject({ passed: true });
    const gone = await check({
      url,
      serve: 'exec node server.js {port}',
      actions: [{ action: 'navigate', target: '/gone' }],
      assertions: ['no errors'],
    });
    expect(gone.text).toMatch(/there were 1\n.*GET [^\n]*\/gone: 503\nthe server printed:\n {2}\/\n.* {2}\/gone/s);
  });
});

test('a command that ends instead of serving is told with what it printed, and no browser is started', async () => {
  const serve = 'echo no such module >&2; exit 3';
  const { passed, text } = await check({ url: 'http://127.0.0.1:{port}/', serve, program: '/none', assertions: ['x'] });
  expect(passed).toBe(false);
  expect(text).toMatch(
    /^echo .* ended with exit code 3 before http:\/\/127.0.0.1:\d+\/ answered\nit printed:\n {2}no such/,
  );
});

test('a browser that does not start is told by its name', async () => {
  expect((await check({ url: 'public/none.html' })).text).toBe('there is no public/none.html');
  const { text } = await check({ program: '/bin/false' }, { open: openBrowser });
  expect(text).toMatch(/^the browser \/bin\/false did not start: /);
});
