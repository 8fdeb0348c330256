import type { Engine, EngineContext, EngineRequest } from '../engine.ts';
import { ForbiddenCommand } from '../forbidden-command.ts';
import { createPromptedEngine, type Said } from '../prompts/prompted-engine.ts';
import type { Conversation } from './conversation.ts';
import type { AcpEngineOptions } from './options.ts';
import { AgentTrouble } from './trouble.ts';

const say = async ({ prompt }: Conversation, text: string): Promise<Said> => {
  try {
    return { outcome: 'said', text: await prompt(text) };
  } catch (error) {
    if (error instanceof AgentTrouble) return error.failure;
    throw error;
  }
};

/**
 * Any coding agent that speaks the Agent Client Protocol as an engine: a process a request, that goes on with the
 * conversation before where it can. It is believed no further than its words go, and nothing of it is left afterwards.
 */
export const createAcpEngine = (options: AcpEngineOptions): Engine => {
  const { name, can } = options;
  const converse = async <O>(
    { kind }: EngineRequest,
    context: EngineContext,
    ask: (engine: Engine) => Promise<O>,
  ): Promise<O> => {
    // The protocol is loaded where an agent speaks it.
    const { startConversation } = await import('./conversation.ts');
    const conversation = await startConversation(options, kind, context);
    const violations: ForbiddenCommand[] = [];
    const engine = createPromptedEngine({
      name,
      can,
      canSetting: `engines.agents.${name}.can`,
      ask: async ({ text, again }) =>
        say(conversation, again ?? text).catch((error: unknown) => {
          if (error instanceof ForbiddenCommand) violations.push(error);
          throw error;
        }),
    });
    try {
      const outcome = await ask(engine);
      for (const violation of violations) throw violation;
      return outcome;
    } finally {
      await conversation.end();
    }
  };
  return {
    name,
    can,
    plan: (request, context) => converse(request, context, (engine) => engine.plan(request, context)),
    decompose: (request, context) => converse(request, context, (engine) => engine.decompose(request, context)),
    work: (request, context) => converse(request, context, (engine) => engine.work(request, context)),
  };
};
