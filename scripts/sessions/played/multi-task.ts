import { idIn, type Session } from '../stage.ts';

const TASKS = [
  'Add an npm script "hello" that runs "echo hello"',
  'Rename the function createService to createGreeter',
  'Add CI',
];

export const multiTask: Session = {
  name: 'multi-task',
  title: 'Several tasks: builders side by side, one result',
  play: async ({ say, run }) => {
    say(
      'Each task is a run of its own, in a worktree of its own. What is finished is merged in the order given, and the checks run again on the merged tree.',
    );
    const tasks = TASKS.map((task) => `  --task '${task}'`).join(' \\\n');
    const id = idIn(await run(`studio build 'Make it easier to operate' \\\n${tasks}`));
    say('The parent, and the runs of its tasks:');
    await run(`studio status ${id}`);
    await run('studio list');
  },
};
