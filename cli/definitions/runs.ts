import type { CommandGroup, OptionSpec } from '../command.ts';

const aboutGoal: readonly OptionSpec[] = [
  { flags: '-w, --workspace <dir>', about: 'folder to work on, or a git URL; default: this folder' },
  { flags: '-p, --plan <file>', about: 'an existing plan, JSON or YAML, run as it is' },
  { flags: '--task <text...>', about: 'several tasks under one goal, side by side' },
  { flags: '--sequential', about: 'tasks one after the other, in the order given' },
  { flags: '-e, --engine <name>', about: 'engine; studio engines lists them' },
  { flags: '--answers <file>', about: 'answers to questions of the planner: YAML or JSON, <id>: <answer>' },
  { flags: '--attended', about: 'somebody answers questions from elsewhere: studio inbox' },
  { flags: '--check <command...>', about: 'a command that must pass at the end' },
  { flags: '-l, --label <key=value...>', about: 'to find it again: studio list --label' },
  { flags: '--budget <usd>', about: 'what engines may cost, in US dollars; used up, the run waits for a person' },
  {
    flags: '--budget-tokens <number>',
    about: 'what models may read and write for it; used up, the run waits likewise',
  },
  { flags: '--include-dirty', about: 'start from the uncommitted changes too' },
  { flags: '--mode <mode>', about: 'implicit or explicit' },
];

const aboutBuild: readonly OptionSpec[] = [
  ...aboutGoal,
  { flags: '--apply', about: 'bring the verified change into your branch, if that is a fast-forward' },
  { flags: '-y, --yes', about: 'ask nothing: yes to the route and the map, defaults for questions' },
  { flags: '-d, --detach', about: 'store the goal and return' },
  { flags: '--dry-run', about: 'only tell what it would come to: route, plan, conflicts, questions, time' },
];

export const runs: CommandGroup = {
  title: 'Run goals:',
  commands: [
    {
      usage: 'build [goal]',
      about: 'run a goal, or a specification FILE.md, to its verified end, and show the result',
      example: 'studio build "Add a health endpoint"',
      options: aboutBuild,
      load: async () => (await import('../commands/build.ts')).build,
    },
    {
      usage: 'orchestrate build [goal]',
      about: 'the same with every transition, after a question about the route',
      example: 'studio orchestrate build "Add a health endpoint"',
      options: aboutBuild,
      load: async () => (await import('../commands/build.ts')).orchestrateBuild,
    },
    {
      usage: 'submit [goal]',
      about: 'store a goal and return: created, duplicate or conflict',
      example: 'studio submit --file goals.jsonl',
      options: [
        ...aboutGoal,
        { flags: '-f, --file <file>', about: 'one goal a line, as JSON; - reads stdin' },
        { flags: '-k, --key <key>', about: 'idempotency key: the same key and goal is stored once' },
        { flags: '--priority <n>', about: '1 runs first, 5 last; default 3' },
      ],
      load: async () => (await import('../commands/submit.ts')).submit,
    },
    {
      usage: 'route [goal]',
      about: 'decide only: which workflow, and the signals that decided',
      example: 'studio route "Fix the login page"',
      options: [
        { flags: '--stdin', about: 'one goal a line' },
        { flags: '--task <text...>', about: 'several tasks under one goal' },
      ],
      load: async () => (await import('../commands/route.ts')).route,
    },
  ],
};
