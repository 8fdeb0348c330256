import { createHash } from 'node:crypto';
import { Plan } from '#contracts';
import type { Capabilities, Engine, EngineContext, EngineFailure, EngineRequest, PlanRequest } from '../engine.ts';
import { mapTexts } from '../map-texts.ts';
import { type CommandEngineOptions, converse } from './conversation.ts';
import { failed, judgeRun } from './judge-run.ts';
import type { FinalMessage } from './protocol.ts';

const refusal = (final: FinalMessage, name: string): EngineFailure => {
  switch (final.type) {
    case 'cannot':
      return { outcome: 'cannot', reason: final.reason, unblock: final.unblock };
    case 'failed':
      return { outcome: 'failed', error: final.error, ...(final.category && { category: final.category }) };
    case 'plan':
    case 'done':
      return failed(`engine ${name} answered ${final.type} to another question`);
  }
};

/** What Studio knows already is filled in; the task and the goal are always those that were asked for. */
const completePlan = (draft: Extract<FinalMessage, { type: 'plan' }>['plan'], { goal, taskId }: PlanRequest): Plan => {
  const digest = createHash('sha256')
    .update(JSON.stringify([goal, taskId, draft]))
    .digest('hex');
  return Plan.parse({ id: `bp_${digest.slice(0, 12)}`, ...draft, task_id: taskId, goal });
};

/**
 * Any program as an engine: `EngineRequestDocument` on standard input, `EngineMessage` lines on standard output. It is
 * believed no further than its words go: everything is validated, its time and output are limited, and its process group
 * ends with it.
 */
export const createCommandEngine = (options: CommandEngineOptions): Engine => {
  const { name, can } = options;
  const ask = async (request: EngineRequest, context: EngineContext): Promise<FinalMessage | EngineFailure> => {
    context.signal.throwIfAborted();
    const conversation = await converse(options, request, context);
    return judgeRun(options, conversation) ?? conversation.final ?? failed(`engine ${name} said nothing`);
  };
  /** What the program said, without secrets; an error of ours on the way is a failure too. */
  const answerTo = async (request: EngineRequest, context: EngineContext): Promise<FinalMessage | EngineFailure> => {
    const answer = await ask(request, context).catch((error: unknown) => {
      context.signal.throwIfAborted();
      return failed(`engine ${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    return mapTexts(answer, context.redact ?? ((text) => text));
  };
  const unable = (what: keyof Capabilities): EngineFailure => ({
    outcome: 'cannot',
    reason: `engine ${name} is not configured to ${what}`,
    unblock: `add ${what} to engines.commands.${name}.can in .studio/config.yaml, or choose another engine`,
  });
  return {
    name,
    can,
    async plan(request, context) {
      if (!can.plan) return unable('plan');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      if (answer.type !== 'plan') return refusal(answer, name);
      return {
        outcome: 'planned',
        plan: completePlan(answer.plan, request),
        source: `engine ${name}`,
        cautions: answer.cautions,
      };
    },
    async work(request, context) {
      if (!can.work) return unable('work');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      return answer.type === 'done' ? { outcome: 'done', summary: answer.summary } : refusal(answer, name);
    },
  };
};
