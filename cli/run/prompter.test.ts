import { expect, test, vi } from 'vitest';
import { type Interaction, RuleViolation } from '#contracts';
import type { Asked } from '../terminal/asked.ts';
import { createPrompter } from './prompter.ts';

const RUN = 'orch_20260202_143052_a1b2c3d4e5f6';

const question = (number: number): Interaction => ({
  id: `int_${number}`,
  kind: 'question',
  prompt: `q${number}?`,
  options: [],
  default: 'd',
  round: 1,
  focus: 'scope and success',
  about: `q${number}`,
  opened_at: '2026-02-02T14:30:52.000Z',
  deadline: null,
  outcome: null,
  answer: null,
  assumed: false,
  by: null,
});

/** A terminal whose person answers when the test says so. */
const setUp = (control: (run: string, command: unknown) => Promise<unknown> = async () => ({})) => {
  const put: string[] = [];
  const said: string[] = [];
  let reply: (asked: Asked) => void = () => {};
  const answers = vi.fn(control);
  const press = vi.fn();
  const prompter = createPrompter({
    // Of the client nothing else is used, of a state nothing at all.
    studio: { control: answers as never },
    reporter: {
      take: () => {},
      busy: () => {},
      quiet: () => {},
      hold: () => void said.push('hold'),
      release: () => void said.push('release'),
      say: (...lines) => void said.push(...lines.map(({ text }) => text)),
    },
    interrupts: { first: new AbortController().signal, press, second: async () => false, stop: () => {} },
    put: (interaction, { signal, others }) => {
      put.push(`${interaction.id}, ${others} more`);
      return new Promise((resolve) => {
        reply = resolve;
        signal.addEventListener('abort', () => resolve(null));
      });
    },
  });
  const say = async (asked: Asked): Promise<void> => {
    const before = put.length;
    reply(asked);
    await vi.waitFor(() => expect(put.length > before || said.at(-1) !== 'hold').toBe(true));
  };
  return { prompter, put, said, answers, press, say };
};

const give = (answer: string) => ({ answer, note: null });

test('questions are put one at a time, and another one first where that is wanted', async () => {
  const { prompter, put, answers, say } = setUp();
  prompter.update(RUN, [question(1), question(2)]);
  expect(put).toEqual(['int_1, 1 more']);
  await say('later');
  expect(put.at(-1)).toBe('int_2, 1 more');
  await say(give('b'));
  await vi.waitFor(() => expect(put.at(-1)).toBe('int_1, 0 more'));
  await say(give('a'));
  await vi.waitFor(() => expect(answers).toHaveBeenCalledTimes(2));
  expect(answers.mock.calls.map(([, command]) => command)).toEqual([
    { command: 'answer', interaction: 'int_2', answer: 'b', note: null },
    { command: 'answer', interaction: 'int_1', answer: 'a', note: null },
  ]);
});

test('a prompt goes away when somebody else answers, and the next one comes', async () => {
  const { prompter, put, answers } = setUp();
  prompter.update(RUN, [question(1), question(2)]);
  prompter.update(RUN, [question(2)]);
  await vi.waitFor(() => expect(put.at(-1)).toBe('int_2, 0 more'));
  prompter.update(RUN, []);
  await prompter.close();
  expect(put).toHaveLength(2);
  expect(answers).not.toHaveBeenCalled();
});

test('what another run asks waits for its turn', async () => {
  const { prompter, put, say } = setUp();
  prompter.update(RUN, [question(1)]);
  prompter.update(`${RUN}0`, [question(1)]);
  prompter.update(RUN, [question(1)]);
  expect(put).toEqual(['int_1, 0 more']);
  await say(give('a'));
  await vi.waitFor(() => expect(put).toHaveLength(2));
});

test('what was answered is not put again by a look that came too early', async () => {
  const { prompter, put, answers, say } = setUp();
  prompter.update(RUN, [question(1)]);
  await say(give('a'));
  await vi.waitFor(() => expect(answers).toHaveBeenCalled());
  await prompter.close();
  prompter.update(RUN, [question(1)]);
  expect(put).toHaveLength(1);
});

test('an answer that comes too late is told, and put no more', async () => {
  const { prompter, put, said, say } = setUp(async () => {
    throw new RuleViolation('interaction.closed', 'int_1 is closed');
  });
  prompter.update(RUN, [question(1)]);
  await say(give('a'));
  await vi.waitFor(() => expect(said).toContain('int_1 is closed'));
  prompter.update(RUN, [question(1)]);
  expect(put).toHaveLength(1);
});

test('Ctrl-C at a prompt is the same as anywhere else', async () => {
  const { prompter, press, put, say } = setUp();
  prompter.update(RUN, [question(1), question(2)]);
  await say('interrupted');
  await vi.waitFor(() => expect(press).toHaveBeenCalledTimes(1));
  expect(put).toHaveLength(1);
});
