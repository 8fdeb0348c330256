import { idIn, type Session, type Stage } from '../stage.ts';

const FIRST = { terminal: 'Terminal 1' };
const SECOND = { terminal: 'Terminal 2' };

/** Greets as it is told, and rudely without: a coding agent in seven lines. */
const ENGINE = `request=$(cat)
if grep -q '"kind":"plan"' <<<"$request"; then
  printf '{"type":"plan","plan":%s}\\n' "$(tr -d '\\n' < ~/plan.json)"
  exit
fi
if grep -qi '"hint":"[^"]*formal' <<<"$request"; then echo 'Good evening.'; else echo 'Hey!'; fi > greeting.txt
echo '{"type":"done","summary":"wrote a greeting"}'
`;

const CONFIG = `engines:
  commands:
    greeter: { command: bash ~/greeter.sh }
recovery:
  step_tries: 2
`;

const check = (criterion: string, command: string) => ({ criterion, verification: { type: 'command', command } });

const PLAN = {
  id: 'bp_greeting',
  task_id: 'T1',
  goal: 'Greet visitors',
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
  steps: [
    {
      id: 'step_1',
      name: 'Say who visits',
      action: 'Write visitors.txt.',
      operations: [{ op: 'write', path: 'visitors.txt', content: 'Ada\n' }],
      success_criteria: [check('somebody does', 'test -s visitors.txt')],
    },
    {
      id: 'step_2',
      name: 'Write the greeting',
      action: 'Write one line to greeting.txt.',
      success_criteria: [check('it is formal', 'grep -q Good greeting.txt')],
      depends_on: ['step_1'],
      risky: true,
    },
    {
      id: 'step_3',
      name: 'Rehearse it',
      action: 'Takes a while.',
      operations: [{ op: 'run', command: 'sleep 8; echo done > rehearsal.txt' }],
      success_criteria: [check('it was rehearsed', 'test -s rehearsal.txt')],
      depends_on: ['step_2'],
      risky: true,
    },
  ],
};

const write = (file: string, content: string) => `cat > ${file} <<'END'\n${content}END`;

const prepare = async ({ say, run }: Stage): Promise<void> => {
  say('An engine that only greets well when a person tells it how, and a plan that asks for a greeting.');
  await run(write('~/greeter.sh', ENGINE), FIRST);
  await run(write('~/plan.json', `${JSON.stringify(PLAN, null, 2)}\n`), FIRST);
  await run(`mkdir -p .studio && ${write('.studio/config.yaml', CONFIG)}`, FIRST);
};

/** The id of the checkpoint with this name. */
const checkpointIn = (screen: string, name: string): string => {
  const id = screen
    .split('\n')
    .find((line) => line.includes(name))
    ?.match(/cp_\d+/)?.[0];
  if (id === undefined) throw new Error(`no checkpoint ${name} in\n${screen}`);
  return id;
};

export const recovery: Session = {
  name: 'recovery',
  title: 'A failure, a person at another terminal, a kill, and back to a checkpoint',
  play: async (stage) => {
    const { say, run, start } = stage;
    await prepare(stage);
    say('It fails, is tried again, gets another plan, and fails in the same way: that is a loop, so a person decides.');
    const build = start("studio build 'Greet visitors' --plan ~/plan.json --engine greeter", FIRST);
    const id = idIn(await build.sees(/Enter: confirm/));
    say('Somebody else answers, at another terminal. The prompt of the first one goes away.');
    await run('studio inbox', SECOND);
    await run(`studio answer ${id} r --note 'be formal'`, SECOND);
    await build.sees(/✓ 2\/3/);
    say('In the middle of the last step everything that runs is killed: workers, router, Redis.');
    await run(`kill -9 $(grep -o '"pid":[0-9]*' .studio/host.json | cut -d : -f 2)`, SECOND);
    say(
      'The next command starts it all again, and the run would go on by itself. But we want to be back at a checkpoint.',
    );
    const checkpoint = checkpointIn(await run(`studio checkpoints ${id}`, SECOND), 'before_step_3');
    await run(`studio resume ${id} ${checkpoint}`, SECOND);
    say('State and files are those of the checkpoint; what happened since is kept in the log.');
    await run(`studio why ${id}`, SECOND);
    await build.ends();
    await run(`studio replay ${id} --verify`, SECOND);
  },
};
