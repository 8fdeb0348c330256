import { idIn, type Session } from '../stage.ts';

export const buildOnly: Session = {
  name: 'build-only',
  title: 'One defect: the builder alone',
  play: async ({ say, run }) => {
    say('A verb of repair and a defect: the goal goes to the builder. Progress, and one result.');
    const id = idIn(await run(`studio build 'Fix the typo "Hello" to "Hallo" everywhere'`));
    say('Nothing of it is in the working tree yet. The branch has the change, and the log has the reasons.');
    await run('git status --short && git branch');
    await run('studio why');
    await run(`studio apply ${id} && git log --oneline`);
  },
};
