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
      usage: 'export [id]',
      about: 'one run as a file of JSON lines that can be verified and replayed anywhere',
      example: `studio export ${ID} -o run.jsonl`,
      options: [{ flags: '-o, --output <file>', about: 'default: stdout' }],
      load: async () => (await import('../commands/export.ts')).exportCommand,
    },
    {
      usage: 'verify [id|file]',
      about: 'find any change or gap in the log of a run, an export, or of all runs',
      example: 'studio verify run.jsonl',
      load: async () => (await import('../commands/verify.ts')).verify,
    },
    {
      usage: 'rebuild',
      about: 'make the list again from the log',
      example: 'studio rebuild',
      load: async () => (await import('../commands/setup.ts')).rebuild,
    },
  ],
};
