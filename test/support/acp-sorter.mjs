// What an agent does that is able to sort a file, and nothing else. Not a thought in it: prompts are read by their
// headings, as they are written by `services/agents/engines/prompts`.
import { readFileSync } from 'node:fs';

const sectionOf = (prompt, title) => {
  const [, text] = prompt.split(`# ${title}\n\n`);
  return text?.split('\n\n#')[0].trim() ?? null;
};

const answer = (document) => [{ say: `\`\`\`json\n${JSON.stringify(document)}\n\`\`\`` }];
const cannot = answer({
  type: 'cannot',
  reason: 'this agent only sorts files',
  unblock: 'ask it to sort a file that is here',
});

const plan = (file) =>
  answer({
    type: 'plan',
    cautions: [],
    plan: {
      steps: [
        {
          id: 'sort',
          name: `Sort ${file}`,
          action: `Sort the lines of ${file}.`,
          success_criteria: [{ criterion: 'sorted', verification: { type: 'command', command: `sort -c '${file}'` } }],
        },
      ],
    },
  });

const sort = (file) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const content = `${lines.sort().join('\n')}\n`;
  const location = {
    toolCallId: 'sort',
    kind: 'edit',
    title: `Sort ${file}`,
    locations: [{ path: `${process.cwd()}/${file}` }],
  };
  return [{ permission: { ...location, allowed: [{ write: file, content }] } }, { say: `I sorted ${file}.` }];
};

const asks = answer({
  type: 'questions',
  readiness: 0.1,
  questions: [{ id: 'colour', question: 'Which colour?', default: 'red' }],
});

/** What a turn used: its tokens alone, and the cost of the whole session. */
const used = (isResumed) => [
  { cost: isResumed ? 0.01 : 0.005 },
  { answer: { usage: { inputTokens: 1_000, cachedReadTokens: 200, outputTokens: 50, totalTokens: 1_250 } } },
];

/** The acts of a turn. */
export const sorter = (prompt, isResumed) => [...sorting(prompt), ...used(isResumed)];

const sorting = (prompt) => {
  const [, file] = /^(?:Sort|Paint) the file ([\w.-]+)$/.exec(sectionOf(prompt, 'Goal') ?? '') ?? [];
  const isOpen = /^This is round/.test(sectionOf(prompt, 'Questions') ?? '') && !prompt.includes('Which colour?');
  if (prompt.startsWith('You plan') && isOpen && prompt.includes('Paint the file')) return asks;
  if (prompt.startsWith('You plan')) return file ? plan(file) : cannot;
  const [, step] = /^Sort ([\w.-]+)\n/.exec(sectionOf(prompt, 'Your step') ?? '') ?? [];
  return step ? sort(step) : cannot;
};
