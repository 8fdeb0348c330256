import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problem } from '#contracts';
import { groups } from '../../cli/program.ts';
import { studioIn } from './studio.ts';

// Nothing listens there: what needs a Redis fails, what only looks at its arguments does not get that far.
const { folder, run } = studioIn({ REDIS_URL: 'redis://127.0.0.1:1' });

const wrong: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [['frobnicate'], /unknown command 'frobnicate'/],
  [['biuld', 'x'], /Did you mean build\?/],
  [['build', 'x', '--frob'], /unknown option '--frob'/],
  [['build'], /say what is to be done: studio build "/],
  [['orchestrate', 'build'], /say what is to be done/],
  [['build', 'x', '--mode', 'loud'], /--mode: .*implicit/],
  [['build', 'x', '--label', 'team'], /a label looks like team=web/],
  [['build', 'x', '--plan', 'absent.json'], /absent\.json cannot be read/],
  [['submit'], /name a file with --file/],
  [['submit', 'x', '--priority', 'high'], /--priority: expected a whole number/],
  [['submit', '--file', 'absent.jsonl'], /absent\.jsonl cannot be read/],
  [['answer', 'orch_1'], /missing required argument 'answer'/],
  [['list', '--status', 'sleeping'], /--status: /],
  [['list', '--label', 'web'], /a label filter looks like team=web/],
  [['list', '--since', 'yesterday'], /give 90m, 2d, or 2026/],
  [['verify', 'absent.jsonl'], /neither an id nor a file that can be read/],
  [['replay'], /missing required argument 'id\|file'/],
  [['schema', 'banana'], /"banana" is none of goal, plan, event/],
  [['recipes', 'banana'], /there is no recipe banana/],
  [['completion', 'tcsh'], /"tcsh" is none of bash, zsh, fish/],
  [['start', 'builder'], /"builder" is none of router, state, agent architect/],
  [['start', 'agent', 'tester'], /"agent tester" is none of/],
  [['start', 'router', '--concurrency', '0'], /--concurrency: /],
  [['up'], /REDIS_URL is set, so there is no host/],
];

describe('wrong usage ends with 2, says what is wrong and shows no stack', () => {
  test.each(wrong)('studio %j', async (argv, told) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

test('an engine that nobody here can have is refused before a host is started, or a folder made, for it', async () => {
  const nowhere = studioIn({});
  const told =
    /^error: the goal was refused: engine: no worker has recipez \(there are human, recipes\); did you mean recipes\?/;
  for (const argv of [
    ['build', 'x'],
    ['submit', 'x'],
    ['project', 'decompose', 'x'],
    ['project', 'run'],
  ])
    expect(await nowhere.run([...argv, '--engine', 'recipez'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(told),
    });
  expect(readdirSync(nowhere.folder)).toEqual([]);
});

test('with --json an error is one problem document and nothing else', async () => {
  const { code, stdout, stderr } = await run(['list', '--status', 'sleeping', '--json']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(Problem.parse(JSON.parse(stdout))).toMatchObject({ code: 'input.invalid', status: 400, remedy: 'change' });
});

test('what cannot be reached ends with 4 and names it', async () => {
  const { code, stderr } = await run(['workers']);
  expect(code).toBe(4);
  expect(stderr).toMatch(/no Redis answers at redis:\/\/127\.0\.0\.1:1 .*start it or correct REDIS_URL/);
});

test('a plan that is not one is told with every problem', async () => {
  writeFileSync(join(folder, 'plan.yaml'), 'id: 7\ngoal: ""\nsteps: []\n');
  const { code, stderr } = await run(['build', 'x', '--plan', 'plan.yaml']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/plan\.yaml is not a plan:\n {2}- id: .*\n {2}- task_id: .*\n {2}- goal: .*\n {2}- steps: /);
});

test('every command has help with an example of itself', async () => {
  for (const { usage } of groups.flatMap(({ commands }) => commands)) {
    const words = usage.split(' ').filter((word) => !/^[[<]/.test(word));
    const { code, stdout } = await run([...words, '--help']);
    expect({ usage, code }).toEqual({ usage, code: 0 });
    expect(stdout).toMatch(new RegExp(`Example:\n.*studio ${words.join(' ')}`));
  }
});

test.each([[], ['project'], ['orchestrate']])(
  'the first words of a command alone (%j) show its help, and end with 2',
  async (...argv) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: studio /);
    expect(stderr).not.toContain('error');
  },
);

test('help lists every command under its heading', async () => {
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  for (const { title, commands } of groups) {
    expect(stdout).toContain(title);
    for (const { usage } of commands) expect(stdout).toContain(`  ${usage.split(' ')[0]}`);
  }
});

test('--version prints the version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
});

test.each(['goal', 'plan', 'event', 'recipe', 'config', 'state'])('the schema of %s is JSON Schema', async (name) => {
  const { code, stdout } = await run(['schema', name, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('$schema');
});

test('config names the origin of every value', async () => {
  const { code, stdout } = await run(['config', '--json']);
  expect(code).toBe(0);
  const values: unknown = JSON.parse(stdout);
  expect(values).toContainEqual({ key: 'routing.confirm_threshold', value: 0.6, origin: 'default' });
});

test('engines are listed with what they can and why one is chosen', async () => {
  const { code, stdout } = await run(['engines']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/recipes +configured +plans, decomposes, works +built in/);
  expect(stdout).toMatch(/to plan: recipes: no other configured engine can plan/);
});

test('doctor ends with 4 where something that is needed is missing, and says what to do', async () => {
  const { code, stdout } = await run(['doctor']);
  expect(code).toBe(4);
  expect(stdout).toMatch(/ok +node/);
  expect(stdout).toMatch(/fail +redis .*\n.*→ start it, or correct REDIS_URL/);
});

test('doctor warns of a hook that posts without a secret to sign with', async () => {
  const hooks = { STUDIO_HOOKS_FAILED: '{ url: "http://127.0.0.1:1/" }', REDIS_URL: 'redis://127.0.0.1:1' };
  expect((await studioIn(hooks).run(['doctor'])).stdout).toMatch(/warn +hooks .*\n.*→ set STUDIO_HOOK_SECRET/);
  const signed = studioIn({ ...hooks, STUDIO_HOOK_SECRET: 'whsec_c2VjcmV0' });
  expect((await signed.run(['doctor'])).stdout).not.toMatch(/warn +hooks/);
});

test('doctor warns of a model without a key, and knows the engine that variables make', async () => {
  const model = { REDIS_URL: 'redis://127.0.0.1:1', ANTHROPIC_MODEL: 'm', STUDIO_ENGINES_DEFAULT: 'model' };
  expect((await studioIn(model).run(['doctor'])).stdout).toMatch(/warn +engines .*\n.*→ set ANTHROPIC_API_KEY/);
  const listed = await studioIn({ ...model, ANTHROPIC_BASE_URL: 'nowhere' }).run(['engines']);
  expect(listed.stdout).toMatch(/^engine model has no address: ANTHROPIC_BASE_URL is set.*\n {2}→ set/m);
  const { stdout } = await studioIn({ ...model, ANTHROPIC_API_KEY: 'local-dummy-key' }).run(['doctor']);
  expect(stdout).toMatch(/ok +engines +model, /);
  expect(stdout).not.toMatch(/warn +engines/);
});

test.each(['bash', 'zsh', 'fish'])('the completion of %s knows every command', async (shell) => {
  const { code, stdout } = await run(['completion', shell]);
  expect(code).toBe(0);
  for (const name of ['build', 'orchestrate', 'project', 'cleanup', 'doctor', 'completion'])
    expect(stdout).toContain(name);
});
