import { aroundCalls, type Engine, type EngineContext } from '#engines';
import type { Attempt } from './attempt.ts';

/**
 * Gives an engine the conversation that it had in this run before, and keeps the one it has. It is written down with the
 * next report: whoever gets the next lease goes on with it, as far as the log knows of it.
 */
export const rememberingEngine = (engine: Engine, attempt: Attempt): Engine => {
  const remembering = (context: EngineContext): EngineContext => {
    const known = attempt.run().sessions.find((session) => session.engine === engine.name);
    let last = known && JSON.stringify([known.session, known.costUsd]);
    return {
      ...context,
      session: {
        current: known ? { id: known.session, costUsd: known.costUsd } : null,
        keep: ({ id, costUsd }) => {
          const kept = JSON.stringify([id, costUsd]);
          if (kept === last || attempt.signal.aborted) return;
          last = kept;
          attempt.note({ fact: 'session.kept', data: { engine: engine.name, session: id, costUsd } });
        },
      },
    };
  };
  return aroundCalls(engine, (ask, request, context) => ask(request, remembering(context)));
};
