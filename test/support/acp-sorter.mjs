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

/** The acts of a turn. */
export const sorter = (prompt) => {
  const [, file] = /^Sort the file ([\w.-]+)$/.exec(sectionOf(prompt, 'Goal') ?? '') ?? [];
  if (prompt.startsWith('You plan')) return file ? plan(file) : cannot;
  const [, step] = /^Sort ([\w.-]+)\n/.exec(sectionOf(prompt, 'Your step') ?? '') ?? [];
  return step ? sort(step) : cannot;
};
