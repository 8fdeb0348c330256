import type { ReportItem } from '#domain';
import { released } from '../support/facts.ts';
import { begin, build, finish, type Story, withPlan } from './story.ts';

/** Runs whose engine is a coding agent: it asks for permission, and has conversations. */

const asks = (command: string | null): ReportItem => ({
  fact: 'permission.asked',
  data: { engine: 'claude', kind: command === null ? 'edit' : 'execute', title: 'Do it', command },
});

const answer = (interaction: string, given: string) =>
  ({ type: 'answer', interaction, answer: given, note: null }) as const;

export const agentStories: Readonly<Record<string, Story>> = {
  'an-agent-asks-for-permission': async (run) => {
    await run.submit({ ...withPlan(1), attended: true });
    await begin(run);
    await run.report(
      { fact: 'session.kept', data: { engine: 'claude', session: 's1', costUsd: null } },
      asks('npm test'),
    );
    await run.report(asks(null));
    await run.give(answer('int_2', 'n'));
    await run.give(answer('int_1', 'always'));
    await run.report(asks('npm ci'));
    await run.report({ fact: 'permission.dropped', interaction: 'int_3' });
    await run.report(asks('npm ci'), { fact: 'session.kept', data: { engine: 'claude', session: 's1', costUsd: 0.5 } });
    await run.report(released('shutdown'));
    await begin(run);
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },
};
