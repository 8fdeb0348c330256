import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unable } from '../answering-engine.ts';
import type { Capabilities, Engine, EngineBlocker, EngineContext, EngineFailure, EngineRequest } from '../engine.ts';
import { mapTexts } from '../map-texts.ts';
import { browserRule } from '../prompts/prompt-for.ts';
import { answerSpecs, mapAnswers, planAnswers, workAnswers } from './answers.ts';
import { type Conversation, converse, failureOf } from './converse.ts';
import { labelOf, type ModelEngineOptions } from './options.ts';
import { READ_SPECS, readTools } from './tools/read-tools.ts';
import { describeTool } from './tools/tool.ts';
import { WORK_SPECS, workTools } from './tools/work-tools.ts';

type Role = 'plan' | 'decompose' | 'work';

const roleOf = ({ kind }: EngineRequest): Role => (kind === 'plan' || kind === 'decompose' ? kind : 'work');

const createInstructions = (folder: string) => {
  const known = new Map<Role, string>();
  return (role: Role): string => {
    const text = known.get(role) ?? readFileSync(join(folder, `${role}.md`), 'utf8').trim();
    known.set(role, text);
    return text;
  };
};

const specsFor = (request: EngineRequest) => [
  ...READ_SPECS,
  ...(roleOf(request) === 'work' ? WORK_SPECS : []),
  ...answerSpecs(request),
];

/** Rejects with the reason of the signal as soon as it is aborted, however long what runs takes to notice. */
const orAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  work.catch(() => undefined);
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
};

/** The request took longer than it may, all calls and tools together. */
class RequestTimedOut extends Error {}

const keyMissing = ({ name, key }: ModelEngineOptions): EngineBlocker | null =>
  key === null || key.value
    ? null
    : {
        outcome: 'cannot',
        reason: `engine ${name} has no key: ${key.variable} is not set where this worker runs`,
        unblock: `set ${key.variable} in the environment of the workers (of studio up, or of the shell that starts them) and start them again`,
      };

const lackOf = (options: ModelEngineOptions): EngineBlocker | null => options.trouble ?? keyMissing(options);

/** Neither a secret of the environment nor the key itself is in anything that leaves the engine. */
const redactorOf = ({ key }: ModelEngineOptions, { redact = (text) => text }: EngineContext) => {
  const value = key?.value;
  return (text: string): string => redact(value ? text.replaceAll(value, '[redacted]') : text);
};

type Talk<Outcome> = Pick<Conversation<Outcome>, 'answers' | 'toolsFor' | 'said'>;
type Ask = <Outcome>(
  request: EngineRequest,
  context: EngineContext,
  talk: Talk<Outcome>,
) => Promise<Outcome | EngineFailure>;

const isFailure = (outcome: unknown): outcome is EngineFailure =>
  typeof outcome === 'object' &&
  outcome !== null &&
  'outcome' in outcome &&
  (outcome.outcome === 'failed' || outcome.outcome === 'cannot');

/** Has one request answered, within its time. It ends with an outcome, or with the reason of the signal. */
const createAsk = (options: ModelEngineOptions, instructionsOf: (role: Role) => string): Ask => {
  const tooLate = (): EngineFailure => ({
    outcome: 'failed',
    error: `${labelOf(options)} did not end within ${options.timeoutMs / 1_000} s: see ${options.settings}.timeout_s in .studio/config.yaml`,
  });
  return async (request, context, talk) => {
    context.signal.throwIfAborted();
    const lack = lackOf(options);
    if (lack) return lack;
    const redact = redactorOf(options, context);
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(new RequestTimedOut()), options.timeoutMs);
    const signal = AbortSignal.any([context.signal, over.signal]);
    const isWork = roleOf(request) === 'work';
    const instructions = instructionsOf(roleOf(request)) + (isWork ? '' : `\n${browserRule(context)}\n`);
    const within: EngineContext = { ...context, signal, progress: (message) => context.progress(redact(message)) };
    try {
      const talking = converse({ options, request, context: within, instructions, redact, ...talk });
      const outcome = await orAborted(signal, talking);
      return isFailure(outcome) ? mapTexts(outcome, redact) : outcome;
    } catch (error) {
      context.signal.throwIfAborted();
      return error instanceof RequestTimedOut ? tooLate() : mapTexts(failureOf(error, options), redact);
    } finally {
      clearTimeout(timer);
      over.abort(new RequestTimedOut());
    }
  };
};

/**
 * A model behind an API, through the AI SDK. It looks around in the workspace and answers by calling a tool whose input
 * is our document; to work, it changes files and runs commands through tools of ours, under the limits of the workspace.
 */
export const createModelEngine = (options: ModelEngineOptions): Engine => {
  const { name, can, model, settings } = options;
  const instructionsOf = createInstructions(options.instructionsDir);
  const source = `engine ${name} (${model})`;
  const ask = createAsk(options, instructionsOf);
  const cannot = (what: keyof Capabilities) => unable({ name, canSetting: `${settings}.can` }, what);
  return {
    name,
    can,
    settings,
    lacks: lackOf(options),
    instructions: (request) => [
      { source: `instructions/${roleOf(request)}.md`, text: instructionsOf(roleOf(request)) },
      ...specsFor(request).map((spec) => ({ source: `tool ${spec.name}`, text: describeTool(spec) })),
    ],
    async plan(request, context) {
      if (!can.plan) return cannot('plan');
      const answers = planAnswers(request, source, redactorOf(options, context));
      return ask(request, context, { answers, toolsFor: readTools, said: null });
    },
    async decompose(request, context) {
      if (!can.decompose) return cannot('decompose');
      const answers = mapAnswers(request, source, redactorOf(options, context));
      return ask(request, context, { answers, toolsFor: readTools, said: null });
    },
    async work(request, context) {
      if (!can.work) return cannot('work');
      const redact = redactorOf(options, context);
      return ask(request, context, {
        answers: workAnswers(request, redact),
        toolsFor: (tools) => [...readTools(tools), ...workTools(tools)],
        said: (text) => ({ outcome: 'done' as const, summary: redact(text) }),
      });
    },
  };
};
