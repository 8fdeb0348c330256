import type { CommandGroup } from '../command.ts';

const ID = 'orch_20260202_143052_a1b2c3d4e5f6';
const branch = () => import('../commands/branch.ts');
const control = () => import('../commands/control.ts');
const reason = { flags: '--reason <text>', about: 'for those who read the log later' };

export const act: CommandGroup = {
  title: 'Act on a run:',
  commands: [
    {
      usage: 'answer <id> <answer>',
      about: 'answer a question that a run asks, with one of its options or, of a planner, any text',
      example: `studio answer ${ID} r --note "use the port from the environment"`,
      options: [
        { flags: '--note <text>', about: 'with r: what to do differently' },
        { flags: '--question <int_n>', about: 'which question; needed where several are open' },
      ],
      load: async () => (await control()).answer,
    },
    {
      usage: 'approve <id>',
      about: 'yes to the route, the map or the plan that waits for it',
      example: `studio approve ${ID}`,
      load: async () => (await control()).approve,
    },
    {
      usage: 'retry <id>',
      about: 'try again what failed',
      example: `studio retry ${ID} --hint "the test needs a database"`,
      options: [{ flags: '--hint <text>', about: 'what to do differently' }],
      load: async () => (await control()).retry,
    },
    {
      usage: 'skip <id>',
      about: 'go on without the step that failed, if it is not critical',
      example: `studio skip ${ID}`,
      load: async () => (await control()).skip,
    },
    {
      usage: 'pause [id]',
      about: 'stop at the next verified step',
      example: `studio pause ${ID} --reason "release freeze"`,
      options: [reason, { flags: '--all', about: 'every run, with its tasks' }],
      load: async () => (await control()).pause,
    },
    {
      usage: 'resume [id] [checkpoint]',
      about: 'go on after a pause, or back to a checkpoint; default: the newest run, from its latest after a bad end',
      example: `studio resume ${ID} before_step_2`,
      options: [
        { flags: '--context <json>', about: 'completes the handoff that is held back' },
        { flags: '--all', about: 'every run that is paused' },
      ],
      load: async () => (await control()).resume,
    },
    {
      usage: 'checkpoint [id] [name]',
      about: 'save where a run is now, to go back there later; default: the newest run',
      example: `studio checkpoint ${ID} before_the_demo`,
      load: async () => (await control()).checkpoint,
    },
    {
      usage: 'handoff complete <id>',
      about: 'add to what one agent tells the next, or correct it',
      example: `studio handoff complete ${ID} --context '{"suggestion": "use version 2 of the API"}'`,
      options: [
        { flags: '--context <json>', about: 'the fields, as a JSON object' },
        { flags: '--from <agent>', about: 'only if it is from this one' },
        { flags: '--to <agent>', about: 'only if it is to this one' },
      ],
      load: async () => (await control()).completeHandoff,
    },
    {
      usage: 'abort <id>',
      about: 'end a run; what was verified is kept on its branch',
      example: `studio abort ${ID}`,
      options: [reason],
      load: async () => (await control()).abort,
    },
    {
      usage: 'diff [id]',
      about: 'the verified change as a patch; default: of the newest run',
      example: `studio diff ${ID} | git apply --check`,
      load: async () => (await branch()).diff,
    },
    {
      usage: 'apply <id>',
      about: 'bring the verified change into your branch, if that is a fast-forward on a clean tree',
      example: `studio apply ${ID}`,
      load: async () => (await branch()).apply,
    },
    {
      usage: 'discard <id>',
      about: 'delete the branch of a run; the log keeps what happened',
      example: `studio discard ${ID}`,
      load: async () => (await branch()).discard,
    },
    {
      usage: 'cleanup <id>',
      about: 'remove what a run left on this machine and nobody needs: worktrees, refs, files of its session',
      example: `studio cleanup ${ID} --dry-run`,
      options: [{ flags: '--dry-run', about: 'only tell what would be removed' }],
      load: async () => (await import('../commands/prune.ts')).cleanup,
    },
  ],
};
