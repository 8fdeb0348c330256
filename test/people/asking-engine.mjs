// An engine that asks two rounds of questions before it plans, and writes what it was told into a file.
import { readFileSync, writeFileSync } from 'node:fs';

const request = JSON.parse(readFileSync(0, 'utf8'));
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const ROUNDS = [
  {
    readiness: 0.2,
    questions: [
      { id: 'scope', question: 'What belongs to it?', options: ['all', 'half'], default: 'half' },
      { id: 'storage', question: 'Where is it kept?', default: 'in memory' },
    ],
  },
  { readiness: 0.5, questions: [{ id: 'limit', question: 'How many at most?', default: '10' }] },
];

const isKnown = ({ id }) => request.answers.some((answer) => answer.id === id);

const planOf = (answers) => ({
  acceptance_criteria: [
    {
      id: 'AC-1',
      criterion: 'it is written down',
      priority: 'must',
      verification: { type: 'file_contains', path: 'told.txt', pattern: '=' },
    },
  ],
  steps: [
    {
      id: 'step_1',
      name: 'Write down what was said',
      action: answers.map(({ id, response }) => `${id}=${response}`).join('\n') || 'nothing=said',
      success_criteria: [
        { criterion: 'it is there', verification: { type: 'command', command: 'grep -q = told.txt' } },
      ],
    },
  ],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
});

if (request.kind === 'plan') {
  const open = request.round && ROUNDS.find(({ questions }) => !questions.every(isKnown));
  if (open) say({ type: 'questions', ...open });
  else say({ type: 'plan', plan: planOf(request.answers) });
} else if (request.kind === 'decompose') {
  const first = { id: 'T1', title: request.hint ?? 'Write it down', effort: 'S' };
  say({
    type: 'map',
    map: { epics: [], features: [], tasks: [first, { id: 'T2', title: 'Read it', depends_on: ['T1'] }] },
  });
} else {
  writeFileSync('told.txt', `${request.step.action}\n`);
  say({ type: 'done', summary: 'wrote it down' });
}
