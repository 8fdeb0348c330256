import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModelMiddleware } from 'ai';
import { CallTimedOut, faultOf, ModelFailed } from './faults.ts';
import type { CallSize, Meter } from './meter.ts';
import type { ModelEngineOptions } from './options.ts';
import type { LanguageModel } from './provider.ts';
import { type Answer, wholeAnswer } from './whole-answer.ts';

/** Tries of one call. */
const TRIES = 3;
const BACKOFF_MS = 1_000;

type Params = Parameters<LanguageModel['doStream']>[0];

export interface CallsOptions {
  readonly options: ModelEngineOptions;
  readonly meter: Meter;
  readonly say: (message: string) => void;
  readonly onText: (delta: string) => void;
}

const sizeOf = ({ prompt, tools }: Params): number => JSON.stringify([prompt, tools]).length;

/** One HTTP request, within its time, read to its end and metered whatever becomes of it. */
const callOnce = async (
  model: LanguageModel,
  params: Params,
  { options: { limits }, meter, onText }: CallsOptions,
): Promise<Answer> => {
  const late = new AbortController();
  const timeout = new CallTimedOut(`one call took more than ${limits.callMs / 1_000} s`);
  const timer = setTimeout(() => late.abort(timeout), limits.callMs);
  const abortSignal = AbortSignal.any([late.signal, ...(params.abortSignal ? [params.abortSignal] : [])]);
  let came = 0;
  const onCharacters = (count: number): void => {
    came += count;
  };
  const size = (): CallSize => ({ input: sizeOf(params), output: came });
  try {
    const answer = await wholeAnswer(await model.doStream({ ...params, abortSignal }), { onText, onCharacters });
    meter.add(answer.usage, size());
    return answer;
  } catch (error) {
    // It had begun to answer, so it is paid for. What never began is not.
    if (came > 0) meter.add(null, size());
    throw late.signal.aborted ? timeout : error;
  } finally {
    clearTimeout(timer);
  }
};

/** @returns how long to wait for the next try. @throws {ModelFailed} there is none */
const waitAfter = (error: unknown, tries: number, { options }: CallsOptions): number => {
  const { failure, againMs } = faultOf(error, options, Date.now());
  if (againMs === null || tries >= TRIES) throw new ModelFailed(failure, error);
  return Math.max(againMs, (options.backoffMs ?? BACKOFF_MS) * 2 ** (tries - 1));
};

/**
 * Calls of a model that are whole or have failed: streamed, so that silence is noticed and people see something; tried
 * again where the fault may pass; metered each time. No tool runs before the answer that asks for it is complete, so a
 * stream that breaks off has had no effect.
 * @throws {ModelFailed} from a call of the model, or the reason of its signal
 */
export const wholeCalls = (calls: CallsOptions): LanguageModelMiddleware => ({
  specificationVersion: 'v4',
  wrapGenerate: async ({ model, params }) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await callOnce(model, params, calls);
      } catch (error) {
        params.abortSignal?.throwIfAborted();
        const waitMs = waitAfter(error, tries, calls);
        calls.say(`the provider did not answer, trying again in ${Math.ceil(waitMs / 1_000)} s`);
        await sleep(waitMs, undefined, { signal: params.abortSignal });
      }
    }
  },
});
