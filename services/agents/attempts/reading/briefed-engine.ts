import { aroundCalls, type Engine } from '#engines';
import type { Brief } from './briefing.ts';

/** An engine that is given to read before it is asked. */
export const briefedEngine = (engine: Engine, brief: Brief): Engine => {
  if (engine.reads === false) return engine;
  return aroundCalls(engine, async (ask, request, context) => {
    const briefed = await brief(request, engine);
    return briefed.outcome === 'briefed' ? ask(briefed.request, context) : briefed;
  });
};
