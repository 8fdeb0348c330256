import { RuleViolation } from '#contracts';
import { type Event, type Recorded, recordedAs } from '#events';
import { start } from './agents/agents.decide.ts';
import { namedCheckpoint } from './checkpoints/checkpoints.ts';
import { endChild } from './children/end-parent.ts';
import type { Command, CommandOf } from './command.ts';
import { type Context, type Decision, fact } from './context.ts';
import { evolve } from './evolve.ts';
import { follow } from './follow.ts';
import { completeHandoff } from './handoffs/complete-handoff.ts';
import { fork } from './history/fork.ts';
import { resumeSteps } from './history/resume.ts';
import { rewind } from './history/rewind.ts';
import { answer, answerKey, wasGiven } from './interactions/answer.ts';
import { timeOut } from './interactions/time-out.ts';
import { abort, goOn, land, pause } from './lifecycle/lifecycle.decide.ts';
import { exceedBudget, recordUsage } from './money/money.decide.ts';
import {
  completeOutside,
  endOutside,
  failOutside,
  handOverOutside,
  rerouteOutside,
  startOutside,
} from './outside/outside.decide.ts';
import { currentInvocation, type Live, type State } from './run.ts';
import { factsOf, isCurrentReport } from './steps/report.ts';
import { giveBackWork, handInWork, renewWork, takeWork, wasHandedIn } from './work/work.decide.ts';

/** What was decided, and the state that it leads to; of its head only the log knows the hash. */
export interface Conclusion {
  readonly events: Decision;
  readonly after: State;
}

const nothing = (state: State): Conclusion => ({ events: [], after: state });

/** Collects what is decided, and what follows from each fact before the next one is asserted. */
const createDraft = (initial: State, context: Context) => {
  let state = initial;
  const events: Event[] = [];
  const take = (event: Event): void => {
    events.push(event);
    state = evolve(state, provisional(event, state, context));
  };
  return {
    take,
    state: () => state,
    conclude: (): Conclusion => ({ events, after: state }),
    assert: (facts: Decision): void => {
      for (const event of facts) {
        take(event);
        for (let next = follow(state, context); next; next = follow(state, context)) take(next);
      }
    },
  };
};

/** An event as it will be recorded, but for what only the log knows. */
const provisional = (event: Event, state: State, { stream, now, actor }: Context): Recorded =>
  recordedAs(event, {
    id: '',
    stream,
    version: state.head.version + 1,
    hash: '',
    time: now,
    actor,
    correlationId: '',
    causationId: null,
  });

const report = (run: Live, command: CommandOf<'report'>, context: Context): Conclusion => {
  if (!isCurrentReport(run, command)) return nothing(run);
  const draft = createDraft(run, context);
  const mark = { lease: command.lease, seq: command.seq };
  for (const item of command.items) {
    const state = draft.state();
    const current = state.lifecycle === 'live' ? currentInvocation(state) : undefined;
    // What was decided about an earlier line may have ended the attempt: the rest of the report is void.
    if (state.lifecycle !== 'live' || current?.lease?.number !== command.lease) break;
    draft.assert(factsOf(state, current, item, mark));
  }
  return draft.conclude();
};

const act = (
  run: Live,
  command: Exclude<Command, CommandOf<'submit' | 'report' | 'record_usage' | 'land' | 'resume' | 'rewind' | 'fork'>>,
  context: Context,
): Decision => {
  switch (command.type) {
    case 'start':
      return start(run, command);
    case 'answer':
      return answer(run, command, context);
    case 'retry':
      return answerKey(run, 'r', command.hint, context);
    case 'skip':
      return answerKey(run, 's', null, context);
    case 'approve':
      return answerKey(run, 'y', null, context);
    case 'time_out':
      return timeOut(run, context);
    case 'pause':
      return pause(run, command);
    case 'continue':
      return goOn(run);
    case 'abort':
      return abort(run, command);
    case 'end_child':
      return endChild(run, command);
    case 'exceed_budget':
      return exceedBudget(run, command);
    case 'checkpoint':
      return [namedCheckpoint(run, command.name, context.now)];
    case 'complete_handoff':
      return completeHandoff(run, command);
    case 'take_work':
      return takeWork(run, command, context);
    case 'renew_work':
      return renewWork(run, command, context);
    case 'give_back_work':
      return giveBackWork(run, command);
    case 'hand_in_work':
      return handInWork(run, command);
    case 'outside_start':
      return startOutside(run, command);
    case 'outside_complete':
      return completeOutside(run, command);
    case 'outside_fail':
      return failOutside(run, command);
    case 'outside_hand_over':
      return handOverOutside(run, command);
    case 'outside_route':
      return rerouteOutside(run, command, context);
    case 'outside_end':
      return endOutside(run);
  }
};

const ended = (
  state: State & { lifecycle: 'ended' },
  command: Exclude<Command, CommandOf<'record_usage' | 'resume' | 'rewind' | 'fork'>>,
): Decision => {
  switch (command.type) {
    case 'land':
      return land(state, command);
    case 'submit':
    case 'start':
    case 'report':
    case 'end_child':
    case 'exceed_budget':
    case 'time_out':
    case 'outside_end':
      return [];
    case 'abort':
      if (state.outcome.kind === 'aborted') return [];
      break;
    case 'answer':
      if (wasGiven(state, command)) return [];
      break;
    case 'hand_in_work':
      if (wasHandedIn(state, command)) return [];
      break;
    default:
  }
  throw new RuleViolation(
    'orchestration.ended',
    `${state.id} has ended (${state.outcome.kind}): ${command.type} comes too late`,
  );
};

const assertAll = (state: State, facts: Decision, context: Context): Conclusion => {
  const draft = createDraft(state, context);
  draft.assert(facts);
  return draft.conclude();
};

/** Another way from here: whatever would follow from the facts up to the last of these, it overrules. */
const turn = (state: State, facts: Decision, context: Context): Conclusion => {
  const draft = createDraft(state, context);
  for (const event of facts.slice(0, -1)) draft.take(event);
  draft.assert(facts.slice(-1));
  return draft.conclude();
};

/** Several commands as one: each is decided on the state that the ones before it lead to. */
const inTurn = (state: State, steps: ReturnType<typeof resumeSteps>, context: Context): Conclusion => {
  let so = nothing(state);
  for (const next of steps) {
    const command = so.after.lifecycle === 'absent' ? null : next(so.after);
    if (!command) continue;
    const { events, after } = conclude(so.after, command, context);
    so = { events: [...so.events, ...events], after };
  }
  return so;
};

/**
 * What a command makes true, and the state that this leads to. No events: already so, or no longer asked for.
 * @throws {RuleViolation} the command is not allowed in this state
 */
export const conclude = (state: State, command: Command, context: Context): Conclusion => {
  if (state.lifecycle === 'absent') {
    if (command.type !== 'submit') throw new RuleViolation('orchestration.unknown', 'there is no such orchestration');
    return assertAll(state, [fact('goal.submitted', command.submission)], context);
  }
  if (command.type === 'record_usage') return assertAll(state, recordUsage(state, command), context);
  if (command.type === 'resume') return inTurn(state, resumeSteps(command), context);
  if (command.type === 'rewind') return turn(state, rewind(state, command), context);
  if (command.type === 'fork') return turn(state, fork(state, command), context);
  if (state.lifecycle === 'ended') return assertAll(state, ended(state, command), context);
  switch (command.type) {
    case 'submit':
      return nothing(state);
    case 'report':
      return report(state, command, context);
    case 'land':
      throw new RuleViolation(
        'orchestration.live',
        `${state.id} has not ended: there is nothing to ${command.as === 'applied' ? 'apply' : 'discard'} yet`,
      );
    default:
      return assertAll(state, act(state, command, context), context);
  }
};

/** The events of `conclude`. */
export const decide = (state: State, command: Command, context: Context): Decision =>
  conclude(state, command, context).events;
