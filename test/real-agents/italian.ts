import type { Scenario } from '../support/model-server/scenario.ts';

/** A change of the shipped example that needs an edit, a new file and a command, in two steps. */
export const GOAL = 'Greet people in Italian';

const criterion = (text: string, verification: object) => ({ criterion: text, verification });

const plan = {
  acceptance_criteria: [
    {
      id: 'AC-1',
      priority: 'must',
      ...criterion('a test asks for the greeting', { type: 'test_passes', test_command: 'npm test' }),
    },
  ],
  steps: [
    {
      id: 'step_1',
      name: 'Add the greeting',
      action: 'Add Italian to the table in src/greetings.ts.',
      success_criteria: [
        criterion('it is there', { type: 'file_contains', path: 'src/greetings.ts', pattern: "it: 'Ciao'" }),
      ],
    },
    {
      id: 'step_2',
      name: 'Test it',
      action: 'Write test/italian.test.ts.',
      depends_on: ['step_1'],
      success_criteria: [criterion('it is tested', { type: 'file_exists', path: 'test/italian.test.ts' })],
    },
  ],
};

export const TEST_FILE = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greetings.ts';

test('greets in Italian', () => {
  assert.equal(greet('Ada', 'it'), 'Ciao, Ada!');
});
`;

/** What a good model would answer to the prompts of Studio. */
export const italian: Scenario = {
  turns: [
    {
      when: 'You plan how a goal is reached',
      steps: [
        { calls: [{ read: 'src/greetings.ts' }] },
        { say: `Two steps.\n\n\`\`\`json\n${JSON.stringify({ type: 'plan', plan, cautions: [] })}\n\`\`\`` },
      ],
    },
    {
      when: '→ step_1:',
      steps: [
        { calls: [{ read: 'src/greetings.ts' }] },
        {
          say: 'It goes between French and Japanese.',
          calls: [
            {
              edit: {
                path: 'src/greetings.ts',
                find: "  fr: 'Bonjour',\n",
                replace: "  fr: 'Bonjour',\n  it: 'Ciao',\n",
              },
            },
          ],
        },
        { say: 'Italian is there.' },
      ],
    },
    {
      when: '→ step_2:',
      steps: [
        { calls: [{ write: { path: 'test/italian.test.ts', content: TEST_FILE } }] },
        { calls: [{ shell: 'npm run --silent typecheck' }] },
        { say: 'Italian is tested.\nLEARNING: languages live in src/greetings.ts' },
      ],
    },
    { steps: [{ say: 'There is nothing to do.' }] },
  ],
};

/** Calls of the model that this takes, in so many turns. */
export const CALLS = 8;
export const TURNS = 3;
