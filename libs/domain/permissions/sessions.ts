import { seen } from '../agents/agents.evolve.ts';
import type { Evolvers } from '../context.ts';
import type { Run } from '../run.ts';

/** Before the first word, and after the run went another way. */
export const noAgentSpoke: Pick<Run, 'permits' | 'sessions'> = { permits: [], sessions: [] };

export const sessionEvolvers: Evolvers<'session.kept'> = {
  'session.kept': (run, { data: { lease: _lease, seq, ...kept } }) => ({
    invocations: seen(run, seq),
    sessions: [...run.sessions.filter(({ engine }) => engine !== kept.engine), kept],
  }),
};
