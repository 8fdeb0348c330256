import type { CommandGroup } from '../command.ts';

const context = () => import('../commands/context.ts');
const read = () => import('../commands/read.ts');

export const look: CommandGroup = {
  title: 'See what goes on:',
  commands: [
    {
      usage: 'list',
      about: 'runs, newest first',
      example: 'studio list --status waiting --since 2d',
      options: [
        { flags: '--status <status>', about: 'executing, waiting, paused, completed, failed, …' },
        { flags: '--wait <kind>', about: 'running, queued, question, approval, no_worker, …' },
        { flags: '-l, --label <key=value>', about: 'with this label' },
        { flags: '--since <time>', about: '90m, 2d, or a date' },
        { flags: '-n, --limit <n>', about: 'rows of a page; default 50' },
        { flags: '--cursor <cursor>', about: 'the page that this list named' },
      ],
      load: async () => (await read()).list,
    },
    {
      usage: 'workers',
      about: 'worker processes that are alive',
      example: 'studio workers',
      load: async () => (await read()).workers,
    },
    {
      usage: 'inbox',
      about: 'all that waits for a person, the oldest deadline first, with the command for each answer',
      example: 'studio inbox',
      load: async () => (await import('../commands/inbox.ts')).inbox,
    },
    {
      usage: 'watch [id]',
      about: 'follow a run here until it ends, and answer what it asks; default: the newest',
      example: 'studio watch orch_20260202_143052_a1b2c3d4e5f6',
      load: async () => (await import('../commands/watch.ts')).watch,
    },
    {
      usage: 'status [id]',
      about: 'where a run stands, or how it ended; default: the newest',
      example: 'studio status orch_20260202_143052_a1b2c3d4e5f6',
      load: async () => (await read()).status,
    },
    {
      usage: 'state [id]',
      about: 'everything that is known of a run, now or at a version',
      example: 'studio state orch_20260202_143052_a1b2c3d4e5f6 --at 12',
      options: [{ flags: '--at <version|time>', about: 'as it was then' }],
      load: async () => (await read()).state,
    },
    {
      usage: 'why [id]',
      about: 'the one reason why a run is where it is, with the facts that led there',
      example: 'studio why orch_20260202_143052_a1b2c3d4e5f6',
      load: async () => (await read()).why,
    },
    {
      usage: 'checkpoints [id]',
      about: 'every place that a run can go back to',
      example: 'studio checkpoints orch_20260202_143052_a1b2c3d4e5f6',
      load: async () => (await import('../commands/history.ts')).checkpoints,
    },
    {
      usage: 'handoff show [id]',
      about: 'what each agent told the next, and what is held back because it is not complete',
      example: 'studio handoff show orch_20260202_143052_a1b2c3d4e5f6',
      load: async () => (await import('../commands/history.ts')).handoffShow,
    },
    {
      usage: 'events [id]',
      about: 'the facts of a run; with --json one document a line',
      example: 'studio events --follow',
      options: [
        { flags: '-f, --follow', about: 'go on with new events until the run ends' },
        { flags: '--after <version>', about: 'only events after this version' },
      ],
      load: async () => (await import('../commands/events.ts')).events,
    },
    {
      usage: 'logs [id]',
      about: 'what checks and gates printed',
      example: 'studio logs orch_20260202_143052_a1b2c3d4e5f6 --step 2 --try 1',
      options: [
        { flags: '--step <step>', about: 'of one step (2, step_2), gate (test) or criterion (AC-1)' },
        { flags: '--try <n>', about: 'of one try' },
      ],
      load: async () => (await import('../commands/logs.ts')).logs,
    },
    {
      usage: 'budget [id]',
      about: 'what agents were given to read, in tokens, and the limits of each pool; default: the newest run',
      example: 'studio budget',
      load: async () => (await context()).budget,
    },
    {
      usage: 'learnings',
      about: 'what runs found out, and agents are told when a goal is about it',
      example: 'studio learnings --domain testing',
      options: [
        {
          flags: '--domain <domain>',
          about: 'global, frontend, backend, testing, security, performance or integration:<name>',
        },
        { flags: '-w, --workspace <dir>', about: 'of this folder or git URL; default: here' },
        { flags: '--all', about: 'of all workspaces, as the log knows them' },
      ],
      load: async () => (await context()).learnings,
    },
  ],
};
