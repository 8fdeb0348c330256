import type { Engine } from '#engines';
import type { Brief } from './briefing.ts';

/** An engine that is given to read before it is asked; whoever asks it need not know. */
export const briefedEngine = (engine: Engine, brief: Brief): Engine => {
  if (engine.reads === false) return engine;
  return {
    ...engine,
    plan: async (request, context) => {
      const briefed = await brief(request, engine);
      return briefed.outcome === 'briefed' ? engine.plan(briefed.request, context) : briefed;
    },
    decompose: async (request, context) => {
      const briefed = await brief(request, engine);
      return briefed.outcome === 'briefed' ? engine.decompose(briefed.request, context) : briefed;
    },
    work: async (request, context) => {
      const briefed = await brief(request, engine);
      return briefed.outcome === 'briefed' ? engine.work(briefed.request, context) : briefed;
    },
  };
};
