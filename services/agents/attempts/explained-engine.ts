import { aroundCalls, type Engine, type EngineFailure } from '#engines';

/** A failure of an engine says, too, what the sandbox kept from its program: the program itself cannot know. */
export const explainedEngine = (engine: Engine, remarks: (output: string) => readonly string[]): Engine =>
  aroundCalls(engine, async (ask, request, context) => {
    const outcome = await ask(request, context);
    const explained = (text: string) => [text, ...remarks(text)].join('\n');
    switch (outcome.outcome) {
      case 'failed': {
        const failure = outcome as Extract<EngineFailure, { outcome: 'failed' }>;
        return { ...failure, error: explained(failure.error) };
      }
      case 'cannot': {
        const blocker = outcome as Extract<EngineFailure, { outcome: 'cannot' }>;
        return { ...blocker, reason: explained(blocker.reason) };
      }
      default:
        return outcome;
    }
  });
