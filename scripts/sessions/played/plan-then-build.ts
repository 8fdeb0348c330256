import { idIn, type Session } from '../stage.ts';

export const planThenBuild: Session = {
  name: 'plan-then-build',
  title: 'A new thing: planner, then builder, with the route confirmed',
  play: async ({ say, run, start }) => {
    say('Which way a goal would go, decided and stored nowhere:');
    await run('studio route "Add a health endpoint"');
    say('In explicit mode the route waits for a yes, and every transition is shown.');
    const build = start('studio orchestrate build "Add a health endpoint"');
    await build.sees(/Proceed\?/);
    build.press('y');
    say('The planner asks what the goal leaves open; Enter takes the first of what it suggests.');
    await build.sees(/What does it answer\?/);
    build.press('\r');
    const id = idIn(await build.ends());
    say('The whole run again, from its log, without any agent:');
    await run(`studio replay ${id} --verify`);
  },
};
