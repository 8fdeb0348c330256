import type { Engine, EngineContext, EngineFailure, EngineRequest } from './engine.ts';

type Ask<R, O> = (request: R, context: EngineContext) => Promise<O | EngineFailure>;

/** What is done around a call, whatever is asked. It may ask something else, and answer something else. */
export type Around = <R extends EngineRequest, O extends { readonly outcome: string }>(
  ask: Ask<R, O>,
  request: R,
  context: EngineContext,
) => Promise<O | EngineFailure>;

/** The same engine, with the same done around each of its calls; whoever asks it need not know. */
export const aroundCalls = (engine: Engine, around: Around): Engine => ({
  ...engine,
  plan: (request, context) => around(engine.plan.bind(engine), request, context),
  decompose: (request, context) => around(engine.decompose.bind(engine), request, context),
  work: (request, context) => around(engine.work.bind(engine), request, context),
});
