import type { CommandGroup, OptionSpec } from '../command.ts';

const tasks = () => import('../commands/project-tasks.ts');

const workspace: OptionSpec = {
  flags: '-w, --workspace <dir>',
  about: 'whose backlog; default: the project that this folder is in',
};
const howToRun: readonly OptionSpec[] = [
  workspace,
  { flags: '-e, --engine <name>', about: 'engine; studio engines lists them' },
  { flags: '--mode <mode>', about: 'implicit or explicit' },
  { flags: '--include-dirty', about: 'start from the uncommitted changes too' },
  { flags: '-y, --yes', about: 'do not ask to confirm the route, or the map' },
  { flags: '-d, --detach', about: 'store it and return' },
];
const aboutTask: readonly OptionSpec[] = [
  workspace,
  { flags: '--description <text>', about: 'what whoever builds it should know' },
  { flags: '--after <task...>', about: 'tasks that must be done before' },
  { flags: '--feature <feature>', about: 'what it is a part of, as in F1' },
  { flags: '--effort <size>', about: 'XS, S, M or L; larger ones must be split' },
  { flags: '--priority <n>', about: '1 comes first, 5 last' },
  { flags: '--value <n>', about: '5 is worth most' },
  { flags: '--done-when <criterion...>', about: 'what must be so in the end' },
  { flags: '--files <glob...>', about: 'what it changes: tasks that share a file do not run at once' },
  { flags: '--goal <goal>', about: 'submitted for it; default: made of all of this' },
  { flags: '-p, --plan <file>', about: 'a plan for it, JSON or YAML' },
];

export const project: CommandGroup = {
  title: 'Keep a backlog:',
  commands: [
    {
      usage: 'project decompose <goal|file>',
      about: 'cut a goal, or a specification in Markdown, into tasks of the backlog; nothing is built',
      example: 'studio project decompose specification.md',
      options: howToRun,
      load: async () => (await import('../commands/project-decompose.ts')).decompose,
    },
    {
      usage: 'project backlog',
      about: 'the tasks, the most worthwhile first, with how far each is',
      example: 'studio project backlog',
      options: [workspace],
      load: async () => (await tasks()).backlog,
    },
    {
      usage: 'project next',
      about: 'what can begin now, the best first',
      example: 'studio project next',
      options: [workspace],
      load: async () => (await tasks()).next,
    },
    {
      usage: 'project run',
      about: 'run open tasks, the best first, side by side where they allow it',
      example: 'studio project run --max 3',
      options: [
        ...howToRun,
        { flags: '--max <n>', about: 'at most so many' },
        { flags: '--task <task...>', about: 'these, and what they wait for' },
        { flags: '--sequential', about: 'one after the other' },
        { flags: '--attended', about: 'somebody answers questions from elsewhere: studio inbox' },
        { flags: '--check <command...>', about: 'a command that must pass at the end' },
        { flags: '--apply', about: 'bring the verified change into your branch, if that is a fast-forward' },
      ],
      load: async () => (await import('../commands/project-run.ts')).projectRun,
    },
    {
      usage: 'project add <title>',
      about: 'add a task',
      example: 'studio project add "Add a login page" --priority 1 --after T2',
      options: aboutTask,
      load: async () => (await tasks()).add,
    },
    {
      usage: 'project edit <task>',
      about: 'say something else about a task that does not run',
      example: 'studio project edit T3 --priority 1',
      options: [{ flags: '--title <title>', about: 'what it is called' }, ...aboutTask],
      load: async () => (await tasks()).edit,
    },
    {
      usage: 'project remove <task>',
      about: 'remove a task that nothing depends on',
      example: 'studio project remove T3',
      options: [workspace],
      load: async () => (await tasks()).remove,
    },
    {
      usage: 'project reopen <task>',
      about: 'have a task done that failed, or done again',
      example: 'studio project reopen T3',
      options: [workspace],
      load: async () => (await tasks()).reopen,
    },
  ],
};
