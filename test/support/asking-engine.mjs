// A program of the `command` engine that sorts words.txt, asks before it paints it, and tells of each of its calls.
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const { kind, goal, answers } = JSON.parse(await text(process.stdin));
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const call = { input_tokens: 1_200, cached_tokens: 200, output_tokens: 50, cost_usd: 0.005 };
const cannot = { type: 'cannot', reason: 'this program only sorts', unblock: 'ask it to sort or to paint words.txt' };
const verification = { type: 'command', command: 'sort -c words.txt' };

const plan = () => {
  if (/paint/i.test(goal) && answers.length === 0)
    return { type: 'questions', readiness: 0.1, questions: [{ id: 'colour', question: 'Which?', default: 'red' }] };
  if (!/sort|paint/i.test(goal)) return cannot;
  const success_criteria = [{ criterion: 'sorted', verification }];
  const step = { id: 'sort', name: 'Sort', action: 'Sort words.txt.', success_criteria };
  return {
    type: 'plan',
    plan: { id: 'bp_sort', task_id: 'T1', goal, acceptance_criteria: [], steps: [step], quality_gates: {} },
  };
};

const work = () => {
  say({ type: 'progress', message: 'sorting' });
  writeFileSync('words.txt', `${readFileSync('words.txt', 'utf8').trimEnd().split('\n').sort().join('\n')}\n`);
  return { type: 'done', summary: 'sorted' };
};

for (let calls = 0; calls < 2; calls += 1) say({ type: 'usage', provider: 'local', model: 'sorter', ...call });
say(kind === 'plan' ? plan() : kind === 'step' ? work() : cannot);
