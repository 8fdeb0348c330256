import type { EngineAnswer } from '#contracts';
import { requestDocument } from '../command/protocol.ts';
import { completeMap, completePlan } from '../complete.ts';
import type { Engine, EngineContext, EngineFailure, EngineRequest } from '../engine.ts';
import { mapTexts } from '../map-texts.ts';

/** Its name: it is there without configuration, and used where it is named. */
export const HUMAN = 'human';

type Answered = { readonly answer: EngineAnswer; readonly by: string };

const nobodyToAsk: EngineFailure = {
  outcome: 'cannot',
  reason: `engine ${HUMAN} has nobody to hand the work to here`,
  unblock: 'run the goal with studio, or choose another engine with --engine',
};

/** Nobody did it in time: as with a provider that does not answer, another engine may go on. */
const nobodyCame = (deadline: string | null): EngineFailure => ({
  outcome: 'failed',
  error: `the work was handed out, and nobody did it by ${deadline ?? 'then'}`,
  category: 'blocker',
  provider: 'down',
  engine: HUMAN,
});

const refusal = (answer: EngineAnswer): EngineFailure => {
  switch (answer.type) {
    case 'cannot':
      return { outcome: 'cannot', reason: answer.reason, unblock: answer.unblock };
    case 'failed': {
      const { error, category, provider, retry_after_s: waitS } = answer;
      const until = waitS === undefined ? {} : { until: new Date(Date.now() + waitS * 1_000).toISOString() };
      return {
        outcome: 'failed',
        error,
        engine: HUMAN,
        ...(category && { category }),
        ...(provider && { provider }),
        ...until,
      };
    }
    default:
      return { outcome: 'failed', error: `${answer.type} was handed in, and something else was asked for` };
  }
};

/** Hands the request out. Texts come back without secrets, whoever wrote them. */
const ask = async (request: EngineRequest, context: EngineContext): Promise<Answered | EngineFailure> => {
  context.signal.throwIfAborted();
  if (!context.handOut) return nobodyToAsk;
  const handedIn = await context.handOut(requestDocument(request, context));
  if (handedIn.outcome === 'expired') return nobodyCame(handedIn.deadline);
  const redact = context.redact ?? ((text: string) => text);
  for (const { domain, text } of handedIn.learnings) context.learned?.({ domain, text });
  context.progress(`${handedIn.by} handed it in`);
  return { answer: mapTexts(handedIn.answer, redact), by: handedIn.by };
};

/**
 * A person, or an agent that somebody else runs, does what any engine does. Nothing runs here: the request is handed out,
 * and a later lease of the same attempt finds what was handed in. It is judged like anybody's work.
 */
export const createHumanEngine = (): Engine => ({
  name: HUMAN,
  byName: true,
  free: true,
  can: { plan: true, work: true, decompose: true },
  async plan(request, context) {
    const given = await ask(request, context);
    if ('outcome' in given) return given;
    const { answer, by } = given;
    if (answer.type === 'questions' && request.round)
      return { outcome: 'questions', questions: answer.questions, readiness: answer.readiness };
    if (answer.type !== 'plan') return refusal(answer);
    const { plan, cautions } = answer;
    return { outcome: 'planned', plan: completePlan(plan, request), source: by, cautions };
  },
  async decompose(request, context) {
    const given = await ask(request, context);
    if ('outcome' in given) return given;
    const { answer, by } = given;
    if (answer.type !== 'map') return refusal(answer);
    return { outcome: 'decomposed', map: completeMap(answer.map), source: by, cautions: answer.cautions };
  },
  async work(request, context) {
    const given = await ask(request, context);
    if ('outcome' in given) return given;
    const { answer } = given;
    return answer.type === 'done' ? { outcome: 'done', summary: answer.summary } : refusal(answer);
  },
});
