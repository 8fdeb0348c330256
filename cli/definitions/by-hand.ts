import type { CommandGroup } from '../command.ts';

const ID = 'orch_20260202_143052_a1b2c3d4e5f6';
const work = () => import('../commands/work.ts');
const lease = { flags: '--lease <n>', about: 'that `take` gave; inside its folder neither this nor the id is needed' };

export const byHand: CommandGroup = {
  title: 'Do the work of an agent (engine human):',
  commands: [
    {
      usage: 'work [id]',
      about: 'the work that a run hands out now: what is to be done, who holds it and until when',
      example: `studio work ${ID}`,
      load: async () => (await work()).work,
    },
    {
      usage: 'take <id>',
      about: 'take that work: a lease, what is to be done, and a folder to do it in',
      example: `studio take ${ID}`,
      load: async () => (await work()).take,
    },
    {
      usage: 'hand-in [id]',
      about: 'hand it in, with the files of the folder as they lie there; then it is checked, and the run goes on',
      example: `studio hand-in ${ID} --lease 12 --summary "added the route"`,
      options: [
        lease,
        { flags: '--summary <text>', about: 'what was done' },
        { flags: '--file <file>', about: 'a plan, a map, questions, or any answer of an engine: JSON or YAML' },
        { flags: '--cannot <reason>', about: 'it cannot be done; with --unblock' },
        { flags: '--unblock <text>', about: 'with --cannot: what would help' },
        { flags: '--failed <error>', about: 'it was tried in vain' },
        { flags: '--learned <text...>', about: 'what the next run should know' },
        { flags: '--directory <dir>', about: 'the files of another worktree of the repository' },
      ],
      load: async () => (await work()).handIn,
    },
    {
      usage: 'renew [id]',
      about: 'hold the work for longer',
      example: `studio renew ${ID} --lease 12`,
      options: [lease],
      load: async () => (await work()).renew,
    },
    {
      usage: 'give-back [id]',
      about: 'let somebody else take it; the files stay where they are',
      example: `studio give-back ${ID} --lease 12`,
      options: [lease],
      load: async () => (await work()).giveBack,
    },
  ],
};
