import type { Session } from '../stage.ts';

const SPECIFICATION = `# Operate the service

## Scripts

- [ ] Add an npm script "hello" that runs "echo hello" (priority: 1)
- [ ] Add an npm script "bye" that runs "echo bye" (depends on: T1)

## Housekeeping

- [ ] Add CI (effort: S)
`;

export const decomposeFirst: Session = {
  name: 'decompose-first',
  title: 'A specification: architect, backlog, then a run a task',
  play: async ({ say, run }) => {
    say('Headings are epics and features, list items are tasks, with what is known of them in brackets.');
    await run(`cat > operate.md <<'END'\n${SPECIFICATION}END`);
    await run('studio project decompose operate.md');
    say('The backlog keeps the order: what matters most, and what unblocks most, comes first.');
    await run('studio project backlog');
    await run('studio project next');
    say('Run what is open: ready tasks in parallel, the others when what they depend on is done.');
    await run('studio project run');
    await run('studio project backlog');
  },
};
