import { type CountTokens, chooseLearnings, type Optimised, optimise, type Reading } from '#context';
import { loadTokenCounter } from '#context/tokenizer';
import type { ContextPolicy, ContextPool, HandoffContext } from '#contracts';
import { type Live, lastFailure, presentHandoffs } from '#domain';
import type { Engine, EngineBlocker, EngineRequest } from '#engines';
import type { Attempt } from '../attempt.ts';
import { instructionTexts, requestTexts } from './request-texts.ts';
import { type Place, type WhatLiesThere, whatLiesThere } from './what-lies-there.ts';

export interface BriefingOptions {
  readonly attempt: Attempt;
  readonly policy: ContextPolicy;
  /** Takes note of the policy as the limits of the run, unless that was done. */
  readonly allocate: () => void;
  /** `null`: the goal names no workspace. */
  readonly place: Place | null;
  /** A line for people. */
  readonly say: (message: string) => void;
}

/** A request with all that an engine is given to read, or why it must not be given that. */
export type Briefed<R extends EngineRequest> = { readonly outcome: 'briefed'; readonly request: R } | EngineBlocker;

/** What a request is about, in a word. */
export const workOf = (request: EngineRequest): string => {
  switch (request.kind) {
    case 'plan':
    case 'decompose':
      return request.kind;
    case 'step':
      return request.step.id;
    case 'fix':
      return request.gate;
  }
};

/** Whoever goes on for an engine that could not is told so, beside what that one was told. */
const withEngineBefore = (handoff: HandoffContext | null, run: Live, request: EngineRequest): HandoffContext | null => {
  const failure = lastFailure(run);
  if (!failure?.goesOnWith || (failure.step !== null && failure.step !== workOf(request))) return handoff;
  const { engine, provider, error } = failure;
  const note = 'what it had not finished is gone; all that was verified is in the tree';
  return { ...handoff, engine_before: { engine, provider, error, note } };
};

/** Who cuts or plans a goal is told what is planned already; who carries out a step is not. */
const wantsBacklog = ({ kind }: EngineRequest): boolean => kind === 'plan' || kind === 'decompose';

/** As many lines as fit, the first ones first. */
const linesWithin = (lines: readonly string[], most: number, count: CountTokens): string | null => {
  let left = most;
  const fitting: string[] = [];
  for (const line of lines) {
    left -= count(`${line}\n`);
    if (left < 0) break;
    fitting.push(line);
  }
  return fitting.length === 0 ? null : `${fitting.join('\n')}\n`;
};

/** What of each pool a person can do something about. */
const REMEDIES: Readonly<Record<ContextPool, string | null>> = {
  reserved: null,
  learnings: 'shorten studio/learnings',
  backlog: 'shorten the backlog',
  plans: 'bring a plan with fewer or shorter steps',
  context7: 'remove documentation from .studio/.cache/context7 that this goal does not need',
  working: 'say it in fewer words',
};

const blocked = (problem: string, full: Optimised['full']): EngineBlocker => {
  const pool = full === 'total' ? null : full;
  const remedy = pool && REMEDIES[pool];
  return {
    outcome: 'cannot',
    reason: `there is more to read than an agent may be given: ${problem}`,
    unblock: `raise ${pool ? `context.pools.${pool}.hard` : 'context.total.hard'} in .studio/config.yaml${remedy ? `, or ${remedy}` : ''}; then retry`,
  };
};

/** The request with what is left of the reading. */
const withReading = <R extends EngineRequest>(
  request: R,
  { learnings, docs, plan }: Reading,
  given: { readonly handoff: HandoffContext | null; readonly backlog: string | null },
): R => ({ ...request, ...given, learnings, docs, ...('plan' in request && plan ? { plan } : {}) });

const noteWhatWasDone = ({ attempt, say }: BriefingOptions, { actions, before, after, pressure }: Optimised): void => {
  if (actions.length > 0) {
    attempt.note({ fact: 'context.optimised', data: { actions: [...actions], before, after } });
    say(`context: ${actions.map(({ action, freed }) => `${action} (${freed} tokens freed)`).join(', ')}`);
  }
  if (pressure !== 'normal') say(`context: pressure is at ${pressure}, ${after} tokens are given`);
};

/**
 * Gathers what the calls of one lease are given to read, counts it, makes space where that is needed, and takes note of it
 * all for the next report. The first call of a lease finds the agent idle: space is made from the warning on; later ones
 * only where they must.
 */
export const createBriefing = (options: BriefingOptions) => {
  const { attempt, policy, place } = options;
  let lying: Promise<WhatLiesThere> | null = null;
  let from: 'warning' | 'critical' = 'warning';

  const readingFor = async (request: EngineRequest, engine: Pick<Engine, 'instructions'>, count: CountTokens) => {
    lying ??= whatLiesThere(place);
    const { learnings, docs, backlog } = await lying;
    const run = attempt.run();
    const { role } = attempt.invocation();
    const given = {
      handoff: withEngineBefore(presentHandoffs(run).findLast(({ to }) => to === role)?.context ?? null, run, request),
      backlog: wantsBacklog(request) ? linesWithin(backlog, policy.pools.backlog.soft, count) : null,
    };
    const subject = { text: request.goal, skills: run.route?.skills ?? [] };
    const reading: Reading = {
      texts: [...requestTexts(request, given), ...instructionTexts(request, engine)],
      learnings: chooseLearnings(learnings, subject, { most: policy.pools.learnings.soft, count }),
      docs,
      plan: 'plan' in request ? request.plan : null,
    };
    return { reading, given };
  };

  return async <R extends EngineRequest>(
    request: R,
    engine: Pick<Engine, 'instructions'> = {},
  ): Promise<Briefed<R>> => {
    options.allocate();
    const count = await loadTokenCounter();
    const { reading, given } = await readingFor(request, engine, count);
    const done = new Set(
      attempt.run().steps.flatMap(({ id, status }) => (status === 'completed' || status === 'skipped' ? [id] : [])),
    );
    const optimised = optimise(reading, {
      policy,
      count,
      now: new Date().toISOString(),
      isDone: (step) => done.has(step),
      subject: `${request.goal} ${request.kind === 'step' ? JSON.stringify(request.step) : ''}`,
      from,
    });
    // Where space was made the next calls read the same.
    if (optimised.actions.length === 0) from = 'critical';
    noteWhatWasDone(options, optimised);
    const { problem, full, pieces } = optimised;
    const call = { role: attempt.invocation().role, work: workOf(request), pieces: [...pieces] };
    if (problem !== null) {
      attempt.note({ fact: 'context.refused', data: { ...call, problem } });
      return blocked(problem, full);
    }
    attempt.note({ fact: 'context.given', data: call });
    return { outcome: 'briefed', request: withReading(request, optimised.reading, given) };
  };
};
export type Brief = ReturnType<typeof createBriefing>;
