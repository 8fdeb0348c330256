import type { Change, Evolvers } from '../context.ts';
import type { OutsideAgent, Run } from '../run.ts';

/** Changes the newest start of this agent. */
const updateAgent = ({ outside }: Run, agent: string, change: Partial<OutsideAgent>): Run['outside'] => {
  const index = outside.agents.findLastIndex((known) => known.agent === agent);
  return { ...outside, agents: outside.agents.map((known, at) => (at === index ? { ...known, ...change } : known)) };
};

const changed = (outside: Run['outside']): Change => ({ outside });

export const outsideEvolvers: Evolvers<
  'outside.started' | 'outside.completed' | 'outside.failed' | 'outside.handed_over'
> = {
  'outside.started': ({ outside }, { time, data: { agent, input } }) =>
    changed({
      ...outside,
      agents: [
        ...outside.agents,
        { agent, status: 'active', startedAt: time, completedAt: null, input, output: null, error: null },
      ],
    }),
  'outside.completed': (run, { time, data: { agent, output } }) =>
    changed(updateAgent(run, agent, { status: 'completed', completedAt: time, output })),
  'outside.failed': (run, { time, data }) =>
    changed({
      ...updateAgent(run, data.agent, { status: 'failed', completedAt: time, error: data.error }),
      failures: [...run.outside.failures, { ...data, time }],
    }),
  'outside.handed_over': ({ outside }, { time, data }) =>
    changed({ ...outside, handoffs: [...outside.handoffs, { ...data, time }] }),
};
