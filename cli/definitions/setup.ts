import type { CommandGroup } from '../command.ts';

const setupCommands = () => import('../commands/setup.ts');
const host = () => import('../commands/host.ts');

export const setup: CommandGroup = {
  title: 'Set up:',
  commands: [
    {
      usage: 'doctor',
      about: 'what this machine lacks, and what to do about it',
      example: 'studio doctor',
      load: async () => (await import('../commands/doctor.ts')).doctor,
    },
    {
      usage: 'recipes [name]',
      about: 'goals that need no model: the runbooks that are known',
      example: 'studio recipes health-endpoint',
      load: async () => (await setupCommands()).recipes,
    },
    {
      usage: 'engines',
      about: 'engines and agents: where they are, what each can do, who pays, and which is chosen why',
      example: 'studio engines',
      options: [
        { flags: '--allow <agent>', about: 'goals may use it: claude, codex, gemini, qwen or opencode on the PATH' },
        { flags: '--deny <agent>', about: 'never offer it' },
      ],
      load: async () => (await import('../commands/engines.ts')).engines,
    },
    {
      usage: 'config',
      about: 'each value of the configuration with where it comes from',
      example: 'studio config',
      load: async () => (await setupCommands()).config,
    },
    {
      usage: 'schema <name>',
      about: 'JSON Schema of goal, plan, event, recipe, config or state',
      example: 'studio schema goal',
      load: async () => (await setupCommands()).schema,
    },
    {
      usage: 'up',
      about: 'start what runs goals on this machine, in the background',
      example: 'studio up',
      options: [{ flags: '--foreground', about: 'stay here until Ctrl-C' }],
      load: async () => (await host()).up,
    },
    {
      usage: 'down',
      about: 'end it; goals go on with the next start',
      example: 'studio down',
      load: async () => (await host()).down,
    },
    {
      usage: 'prune',
      about: 'remove what was left behind on this machine and nobody needs: worktrees, refs, caches',
      example: 'studio prune --dry-run',
      options: [
        { flags: '--older-than <time>', about: 'caches that nobody used since: 90m, 7d, or a date; default 7d' },
        { flags: '--dry-run', about: 'only tell what would be removed' },
      ],
      load: async () => (await import('../commands/prune.ts')).prune,
    },
    {
      usage: 'start <service> [role]',
      about: 'run one service here: router, state, an agent (architect, planner, builder) or gateway',
      example: 'studio start agent builder --concurrency 4',
      options: [
        { flags: '--concurrency <n>', about: 'attempts at the same time; default 1' },
        { flags: '--host <address>', about: 'gateway: where to listen' },
        { flags: '--port <port>', about: 'gateway: 0 takes a free one' },
      ],
      hasDocument: false,
      load: async () => (await import('../commands/start.ts')).start,
    },
  ],
};
