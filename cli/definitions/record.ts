import type { CommandGroup } from '../command.ts';

const ID = 'orch_20260202_143052_a1b2c3d4e5f6';

export const record: CommandGroup = {
  title: 'Read the record:',
  commands: [
    {
      usage: 'replay <id|file>',
      about: 'what happened, from the log or an export; nothing runs again',
      example: `studio replay ${ID} --verify`,
      options: [
        { flags: '--to <version|time>', about: 'the state as it was then' },
        { flags: '--verify', about: 'decide again what was decided, and name the first difference' },
      ],
      load: async () => (await import('../commands/replay.ts')).replay,
    },
    {
      usage: 'fork <id>',
      about: 'another run from any version or checkpoint of this one, with its files, under other settings',
      example: `studio fork ${ID} --at before_step_2 --engine aider`,
      options: [
        { flags: '--at <version|checkpoint>', about: 'where it parts; default: the newest fact' },
        { flags: '-e, --engine <name>', about: 'another engine' },
        { flags: '-p, --plan <file>', about: 'another plan, done on top of the files that are there' },
        { flags: '--answers <file>', about: 'other answers: JSON or YAML, by id of the question' },
        { flags: '--budget <usd>', about: 'another budget' },
        { flags: '--budget-tokens <number>', about: 'another one of tokens' },
        { flags: '-l, --label <key=value...>', about: 'more labels' },
        { flags: '--apply', about: 'bring the verified change into your branch, if that is a fast-forward' },
        { flags: '-d, --detach', about: 'store the fork and return' },
      ],
      load: async () => (await import('../commands/fork.ts')).fork,
    },
    {
      usage: 'compare <a> [b]',
      about: 'where two runs part, or two plans of one: the first fact and the first files that differ',
      example: `studio compare ${ID} --plans 1 2`,
      options: [{ flags: '--plans <n...>', about: 'only while these plans were in force, counted from 1' }],
      load: async () => (await import('../commands/history.ts')).compare,
    },
    {
      usage: 'export [id]',
      about: 'a run, or all, as a file of JSON lines that can be verified, replayed and imported anywhere',
      example: `studio export ${ID} -o run.jsonl`,
      options: [
        { flags: '--all', about: 'every run, archived ones too, and the backlog: a backup' },
        { flags: '-o, --output <file>', about: 'packed if it ends in .gz; default: stdout' },
      ],
      load: async () => (await import('../commands/export.ts')).exportCommand,
    },
    {
      usage: 'import <file...>',
      about: 'take exported runs in, verified first; what has not ended goes on',
      example: 'studio import backup.jsonl.gz',
      load: async () => (await import('../commands/import.ts')).importCommand,
    },
    {
      usage: 'archive',
      about: 'move the logs of runs that ended long ago to verified files; reads follow them there',
      example: 'studio archive --older-than 30d --dry-run',
      options: [
        { flags: '--older-than <time>', about: '90m, 7d, or a date; default 7d' },
        { flags: '--dry-run', about: 'only tell what would be moved' },
      ],
      load: async () => (await import('../commands/archive.ts')).archive,
    },
    {
      usage: 'verify [id|file]',
      about: 'find any change or gap in the log of a run, an export, or of every run and backlog',
      example: 'studio verify run.jsonl',
      load: async () => (await import('../commands/verify.ts')).verify,
    },
    {
      usage: 'backtest [file...]',
      about: 'what another policy would have decided over recorded runs, or exports; nothing runs',
      example: 'studio backtest --policy policy.yaml --last 200',
      options: [
        {
          flags: '--policy <file>',
          about: 'sections routing, recovery and context of a configuration, or a routing table',
        },
        { flags: '--last <n>', about: 'so many of the newest runs; default 1000' },
      ],
      load: async () => (await import('../commands/backtest.ts')).backtest,
    },
    {
      usage: 'rebuild',
      about: 'make the list again from the log',
      example: 'studio rebuild',
      load: async () => (await import('../commands/setup.ts')).rebuild,
    },
  ],
};
