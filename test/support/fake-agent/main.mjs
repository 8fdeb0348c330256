// A coding agent without a model: `main.mjs <agent> …arguments`, the prompt on standard input. It sorts words.txt, and
// understands of a prompt what the tests need.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { formats } from './formats.mjs';

const [, , agent = 'claude', ...args] = process.argv;
const { said, did, end } = formats[agent];
if (args.includes('--version')) {
  process.stdout.write('1.2.3\n');
  process.exit(0);
}

const prompt = await text(process.stdin);
const sectionOf = (title) => new RegExp(`^# ${title}\\n\\n([^]*?)(?:\\n\\n# |$(?![^]))`, 'm').exec(prompt)?.[1] ?? '';
const goal = sectionOf('Goal');
const answer = (words) => {
  said(words);
  end(words);
};
const document = (value) => answer(`Here it is.\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``);

const SORTED = { type: 'command', command: 'sort -c words.txt' };
const step = (action) => ({
  id: 'step_1',
  name: 'Sort the words',
  action,
  success_criteria: [{ criterion: 'the words are sorted', verification: SORTED }],
});

const plan = () => {
  if (/nicer/.test(goal))
    return document({ type: 'cannot', reason: 'nicer than what?', unblock: 'say what is wrong with it' });
  if (/^This is round/.test(sectionOf('Questions')) && /paint/i.test(goal) && !/Which colour\?/.test(prompt))
    return document({
      type: 'questions',
      readiness: 0.1,
      questions: [{ id: 'colour', question: 'Which colour?', default: 'red' }],
    });
  return document({ type: 'plan', plan: { steps: [step('Sort the lines of words.txt.')] }, cautions: [] });
};

const sort = () => {
  did('Read', { file_path: 'words.txt' });
  const words = readFileSync('words.txt', 'utf8').trimEnd().split('\n');
  writeFileSync('words.txt', `${words.sort().join('\n')}\n`);
  answer('I sorted words.txt.\n\nLEARNING: the words are in one file');
};

const waitForEver = () => {
  const command = 'sleep 600 & echo $! > pids.new; echo $$ >> pids.new; mv pids.new pids; wait';
  spawn('sh', ['-c', command], { stdio: 'inherit' });
};

const work = () => {
  const action = sectionOf('Your step');
  if (/Wait for ever/.test(action)) return waitForEver();
  if (/Tell the secret/.test(action)) {
    process.stderr.write(`the key is ${process.env.SECRET}\n`);
    process.exitCode = 1;
    return;
  }
  return sort();
};

if (prompt.startsWith('You plan')) plan();
else if (prompt.startsWith('You cut'))
  document({ type: 'map', map: { tasks: [{ id: 'T1', title: 'Sort the file words.txt', files: ['words.txt'] }] } });
else if (prompt.startsWith('You carry out')) work();
else document({ type: 'cannot', reason: 'this gate is beyond me', unblock: 'correct it by hand' });
