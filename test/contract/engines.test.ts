import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { EngineAnswer, Plan } from '#contracts';
import {
  createAcpEngine,
  createCommandEngine,
  createHumanEngine,
  createModelEngine,
  createRecipesEngine,
  type Engine,
  type EngineContext,
  type PlanOutcome,
  type WorkOutcome,
} from '#engines';
import { type Scenario, script } from '../support/model-server/scenario.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { PATIENCE_MS } from '../support/wait-until.ts';
import { describeEngine, ENDLESS_COMMAND, SECRET } from './engine.contract.ts';
import { projectPath } from './engine-fixtures.ts';

const step = (operations: Plan['steps'][number]['operations']): Plan['steps'][number] => ({
  id: 'step_1',
  name: 'Try the engine',
  action: 'As the test says.',
  ...(operations && { operations }),
  success_criteria: [{ criterion: 'nothing', verification: { type: 'command', command: 'true' } }],
  depends_on: [],
});

const LEAKING_COMMAND = 'echo "the key is $SECRET" >&2; exit 1';
const can = { plan: true, work: true, decompose: true };
const program = (name: string, command: string) => createCommandEngine({ name, command, can });
const endless = { engine: program('endless', ENDLESS_COMMAND), step: step(undefined) };
const leaking = { engine: program('leaking', LEAKING_COMMAND), step: step(undefined) };

const recipes = createRecipesEngine({ recipesDirs: [projectPath('recipes'), '.studio/recipes'] });

/** A recipe that asks. */
const painting = {
  name: 'paint',
  version: 1,
  description: 'paints something',
  example: 'Paint the shed',
  signals: ['^paint the shed$'],
  questions: [{ parameter: 'colour', question: 'Which colour?', default: 'red' }],
  steps: [
    {
      name: 'Paint it',
      action: 'Paint it {{ colour }}.',
      operations: [{ op: 'write', path: 'shed.txt', content: '{{ colour }}' }],
      success_criteria: [{ criterion: 'painted', verification: { type: 'file_exists', path: 'shed.txt' } }],
    },
  ],
};

describeEngine('recipes', {
  engine: recipes,
  files: { 'README.md': 'We recieve.\n' },
  goal: 'Fix the typo "recieve" to "receive" everywhere',
  asking: {
    files: { '.studio/recipes/paint.yaml': JSON.stringify(painting) },
    goal: 'Paint the shed',
  },
  impossibleGoal: 'Make it nicer',
  endless: { engine: recipes, step: step([{ op: 'run', command: ENDLESS_COMMAND }]) },
  leaking: { engine: recipes, step: step([{ op: 'run', command: LEAKING_COMMAND }]) },
});

describeEngine('command, in Python', {
  engine: program('python', `python3 '${projectPath('examples/engines/engine.py')}'`),
  files: { 'tool.py': '#!/usr/bin/env python3\nprint("hello")\n', 'lib/words.py': 'WORDS = []\n' },
  goal: 'Add licence headers',
  impossibleGoal: 'Make it nicer',
  endless,
  leaking,
});

describeEngine('command, in bash', {
  engine: program('bash', `bash '${projectPath('examples/engines/engine.sh')}'`),
  files: { 'words.txt': 'pear\napple\n' },
  goal: 'Sort the file words.txt',
  impossibleGoal: 'Sort the file /etc/passwd',
  endless,
  leaking,
});

const ASKING = fileURLToPath(new URL('../support/asking-engine.mjs', import.meta.url));

describeEngine('command that asks, and tells what it used', {
  engine: program('asking', `${process.execPath} '${ASKING}'`),
  files: { 'words.txt': 'pear\napple\n' },
  goal: 'Sort the file words.txt',
  asking: { files: { 'words.txt': 'pear\napple\n' }, goal: 'Paint the file words.txt' },
  impossibleGoal: 'Make it nicer',
  endless,
  leaking,
});

const agent = (name: string, script: object) =>
  createAcpEngine({
    name,
    command: `${process.execPath} '${projectPath('test/support/acp-agent.mjs')}' '${JSON.stringify(script)}'`,
    preset: null,
    mode: null,
    permissions: 'allow',
    unattended: 'deny',
    can,
    environment: {},
    needs: {},
    timeoutMs: PATIENCE_MS,
    silenceMs: PATIENCE_MS,
    version: '0',
  });

describeEngine('acp', {
  engine: agent('sorter', { sorter: true, resume: true }),
  files: { 'words.txt': 'pear\napple\n' },
  goal: 'Sort the file words.txt',
  asking: { files: { 'words.txt': 'pear\napple\n' }, goal: 'Paint the file words.txt' },
  impossibleGoal: 'Make it nicer',
  endless: { engine: agent('endless', { turns: [[{ shell: ENDLESS_COMMAND }]] }), step: step(undefined) },
  leaking: { engine: agent('leaking', { stderr: 'the key is $SECRET', dies: 'at_session' }), step: step(undefined) },
});

const greeting = { ...step(undefined), name: 'Greet', action: 'Write hello.txt.' };
const submitted = { calls: [{ tool: 'submit_plan', input: { plan: { steps: [greeting] } } }] };
const asked = { readiness: 0.3, questions: [{ id: 'tone', question: 'How friendly?', default: 'very' }] };
const cannot = (reason: string) => ({ calls: [{ tool: 'cannot', input: { reason, unblock: 'ask somebody else' } }] });

/** A model that greets. */
const greets: Scenario = {
  turns: [
    { when: 'is red now', steps: [cannot('the gate has no cause here')] },
    {
      when: '# Your step',
      steps: [
        { say: 'Let me see. ', calls: [{ tool: 'list_files', input: {} }] },
        { calls: [{ write: { path: 'hello.txt', content: 'hello\n' } }, { shell: 'cat hello.txt' }] },
        { say: 'It greets.' },
      ],
    },
    { when: 'Greet somebody[\\s\\S]*Round 1 is open', steps: [{ calls: [{ tool: 'ask_questions', input: asked }] }] },
    { when: 'Make it nicer', steps: [cannot('nobody knows what is nice')] },
    { steps: [submitted] },
  ],
};

const models = await startModelServer({
  scenarios: {
    greets,
    endless: script({ calls: [{ shell: ENDLESS_COMMAND }] }),
    // What a command prints never reaches the model; one that knows a secret from elsewhere must not spread it.
    leaking: script({ calls: [{ shell: LEAKING_COMMAND }] }, { refuse: `I know ${SECRET} and say no more.` }),
  },
});
afterAll(() => models.close());

const model = (scenario: string) =>
  createModelEngine({
    name: 'model',
    provider: 'anthropic',
    model: 'scripted',
    baseUrl: models.url(scenario),
    key: { variable: 'ANTHROPIC_API_KEY', value: 'local-dummy-key' },
    settings: 'engines.models.model',
    origin: 'engines.models.model',
    can,
    timeoutMs: PATIENCE_MS,
    limits: {
      steps: 20,
      tokens: 100_000,
      contextTokens: 50_000,
      outputTokens: null,
      callMs: 30_000,
      silenceMs: PATIENCE_MS,
    },
    instructionsDir: projectPath('data/instructions'),
  });

describeEngine('model', {
  engine: model('greets'),
  files: { 'README.md': 'A project that greets.\n' },
  goal: 'Say hello',
  asking: { files: { 'README.md': 'A project that greets.\n' }, goal: 'Greet somebody' },
  impossibleGoal: 'Make it nicer',
  endless: { engine: model('endless'), step: step(undefined) },
  leaking: { engine: model('leaking'), step: step(undefined) },
});

/** Somebody who does by hand what another engine would: the request goes out, and the answer comes in from outside. */
const byHand = (helper: Engine): Engine => {
  const human = createHumanEngine();
  const handing = (context: EngineContext, answer: () => Promise<EngineAnswer>): EngineContext => ({
    ...context,
    handOut: async () => ({ outcome: 'answered', answer: await answer(), learnings: [], by: 'person:test' }),
  });
  return {
    ...human,
    plan: (request, context) =>
      human.plan(
        request,
        handing(context, async () => answerFrom(await helper.plan(request, context))),
      ),
    work: (request, context) =>
      human.work(
        request,
        handing(context, async () => answerFrom(await helper.work(request, context))),
      ),
  };
};

const answerFrom = (outcome: PlanOutcome | WorkOutcome): EngineAnswer => {
  switch (outcome.outcome) {
    case 'planned':
      return { type: 'plan', plan: outcome.plan, cautions: [...outcome.cautions] };
    case 'questions':
      return {
        type: 'questions',
        questions: outcome.questions.map((question) => ({ ...question, options: [...question.options] })),
        readiness: outcome.readiness,
      };
    case 'done':
      return { type: 'done', summary: outcome.summary };
    case 'cannot':
      return { type: 'cannot', reason: outcome.reason, unblock: outcome.unblock };
    case 'failed':
      return { type: 'failed', error: outcome.error };
  }
};

describeEngine('human', {
  engine: byHand(recipes),
  files: { 'README.md': 'We recieve.\n' },
  goal: 'Fix the typo "recieve" to "receive" everywhere',
  asking: { files: { '.studio/recipes/paint.yaml': JSON.stringify(painting) }, goal: 'Paint the shed' },
  impossibleGoal: 'Make it nicer',
  endless: { engine: byHand(endless.engine), step: step(undefined) },
  leaking: { engine: byHand(leaking.engine), step: step(undefined) },
});
