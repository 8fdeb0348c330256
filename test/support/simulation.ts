import { RuleViolation } from '#contracts';
import {
  absent,
  type Command,
  currentInvocation,
  decide,
  evolve,
  type Live,
  openInteraction,
  type ReportItem,
  type State,
} from '#domain';
import type { Event, Recorded } from '#events';
import {
  accepted,
  agentFailed,
  collected,
  commit,
  done,
  failureOf,
  gateFailed,
  gatePassed,
  gates,
  lost,
  planned,
  planOf,
  policy,
  prepared,
  progress,
  released,
  report,
  stepDone,
  stepStarted,
  stepTried,
  submission,
  workerOf,
} from './facts.ts';
import type { Move, Plain, Story } from './moves.ts';
import { contextOf, recordedOf } from './spec.ts';

/** A command that was given, and what came of it. */
export interface Given {
  readonly command: Command;
  readonly before: State;
  readonly events: readonly Recorded[];
  readonly after: State;
  readonly rejected: string | null;
}

interface Worker {
  readonly lease: number;
  seq: number;
}

type Report = Extract<Command, { type: 'report' }>;

const START_MS = Date.parse('2026-02-02T14:30:52.000Z');

/** Enough for the longest plan, with every part of it asked about once more. */
const MOST_MOVES_TO_AN_END = 200;

const pickOf = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];

const live = (state: State): Live | null => (state.lifecycle === 'live' ? state : null);

/** What an honest worker tells next: of the part of the work that is first not done. */
const nextItems = (run: Live, confidence: number, steps: number): readonly ReportItem[] => {
  const current = currentInvocation(run);
  if (!run.plan || !run.planAccepted)
    return confidence >= 60
      ? [planned(planOf(steps), confidence)]
      : [planned(planOf(steps), confidence), agentFailed(failureOf('blocker', { unblock: 'accept the plan' }))];
  if (current?.role !== 'builder') return [done({ plan_id: run.plan.plan.id })];
  if (!run.workspace) return [prepared];
  if (run.gates.length === 0) return [gates('lint', 'test')];
  const step = run.steps.find(({ status }) => status !== 'completed' && status !== 'skipped');
  if (step) {
    const number = step.tries + 1;
    const digit = String(run.head.version % 10);
    return step.status === 'active' ? [stepDone(step.id, commit(digit), { number })] : [stepStarted(step.id, number)];
  }
  if (run.criteria.length === 0)
    return [accepted('passed', ...run.submission.checks.map((_check, n) => `CHECK-${n + 1}`))];
  const gate = run.gates.find(({ status }) => status !== 'passed');
  if (gate) return [gatePassed(gate.gate, gate.tries + 1)];
  return [collected(run.commit), done()];
};

const failedItems = (run: Live, { category, at }: Extract<Move, { do: 'fail' }>): readonly ReportItem[] => {
  const failure = failureOf(category);
  const step = run.steps.find(({ status }) => status === 'active');
  if (at === 'part' && step) return [stepTried(step.id, step.tries + 1, failure)];
  const gate = run.gates.find(({ status }) => status === 'pending');
  if (at === 'part' && gate) return [gateFailed(gate.gate, gate.tries + 1, failure)];
  return [agentFailed(failure)];
};

const lostItems = (run: Live): readonly ReportItem[] => {
  const commits = run.steps.flatMap((step) => step.commit ?? []);
  return [lost(commits.slice(-1), commits.at(-2) ?? null)];
};

const submissionOf = (story: Story) =>
  submission({
    goal: story.goal,
    mode: story.explicit ? 'explicit' : 'implicit',
    confirm: story.confirm,
    ...(story.withPlan ? { plan: planOf(story.steps), planSource: 'plan.json' } : {}),
    checks: story.checks > 0 ? ['npm run check'] : [],
    policy: { ...policy, ...story.limits },
  });

const plainCommand = (name: Plain, story: Story): Command => {
  switch (name) {
    case 'submit':
      return { type: 'submit', submission: submissionOf(story) };
    case 'land':
      return { type: 'land', as: 'applied', into: 'main' };
    case 'discard':
      return { type: 'land', as: 'discarded' };
    case 'checkpoint':
      return { type: 'checkpoint', name: 'by hand' };
    case 'pause':
    case 'abort':
      return { type: name, reason: null };
    case 'retry':
      return { type: 'retry', hint: 'again' };
    default:
      return { type: name };
  }
};

/**
 * People, workers and a network around one orchestration: workers crash and come back late, messages are repeated,
 * delayed and overtaken, people answer what was not asked. Commands go through the decider alone; what it decides is
 * recorded as a log would.
 */
const createSimulation = (story: Story) => {
  const log: Recorded[] = [];
  const given: Given[] = [];
  const workers: Worker[] = [];
  const sent: Report[] = [];
  let onTheWay: readonly Report[] = [];
  let state: State = absent;
  let starts = 0;
  let { confidence } = story;

  const give = (command: Command): Given => {
    const before = state;
    const now = new Date(START_MS + given.length * 1_000).toISOString();
    let rejected: string | null = null;
    let decided: readonly Event[] = [];
    try {
      decided = decide(before, command, contextOf({ now, draw: (given.length % 10) / 10 }));
    } catch (error) {
      if (!(error instanceof RuleViolation)) throw error;
      rejected = error.code;
    }
    const events = decided.map((event, index) => recordedOf(event, before.head.version + index + 1, now));
    state = events.reduce(evolve, before);
    log.push(...events);
    const result = { command, before, events, after: state, rejected };
    given.push(result);
    return result;
  };

  const send = (worker: Worker | undefined, items: readonly ReportItem[], delayed: boolean): void => {
    if (!worker) return;
    worker.seq += 1;
    const command = report(worker.lease, worker.seq, ...items);
    sent.push(command);
    if (delayed) onTheWay = [...onTheWay, command];
    else give(command);
  };

  const start = (stale: boolean): void => {
    const run = live(state);
    const dispatch = (run && currentInvocation(run)?.dispatch) ?? 1;
    starts += 1;
    const id = `w${starts}`;
    const { after } = give({ type: 'start', dispatch: stale ? dispatch - 1 : dispatch, worker: workerOf(id) });
    const ran = live(after);
    const lease = ran && currentInvocation(ran)?.lease;
    if (lease?.worker.id === id) workers.push({ lease: lease.number, seq: 0 });
  };

  const letGo = (worker: Worker, how: 'crash' | 'shutdown' | 'paused'): void => {
    if (how !== 'crash') send(worker, [released(how)], false);
    workers.splice(workers.indexOf(worker), 1);
  };

  /** One of the two newest workers acts: the one that holds the lease, or one that does not know that it lost it. */
  const act = (move: Extract<Move, { pick: number; do: 'work' | 'fail' | 'let_go' | 'lose_work' }>): void => {
    const worker = pickOf(workers.slice(-2), move.pick);
    if (!worker) return;
    const run = live(state);
    if (move.do === 'let_go') letGo(worker, move.how);
    else if (!run) send(worker, [progress()], false);
    else if (move.do === 'work') send(worker, nextItems(run, confidence, story.steps), move.delayed);
    else if (move.do === 'fail') send(worker, failedItems(run, move), move.delayed);
    else send(worker, lostItems(run), false);
  };

  const message = (move: Extract<Move, { do: 'repeat' | 'deliver' }>): void => {
    const command = pickOf(move.do === 'repeat' ? sent : onTheWay, move.pick);
    if (!command) return;
    onTheWay = onTheWay.filter((other) => other !== command);
    give(command);
  };

  const answer = ({ pick, text }: Extract<Move, { do: 'answer' }>): void => {
    const run = live(state);
    const open = run && openInteraction(run);
    const option = open && pickOf(open.options, pick)?.key;
    give({
      type: 'answer',
      interaction: pick % 3 === 0 ? 'int_1' : null,
      answer: pick % 2 ? (option ?? text) : text,
      note: 'hint',
    });
  };

  const make = (move: Move): void => {
    switch (move.do) {
      case 'start':
        start(move.stale);
        break;
      case 'work':
      case 'fail':
      case 'let_go':
      case 'lose_work':
        act(move);
        break;
      case 'repeat':
      case 'deliver':
        message(move);
        break;
      case 'answer':
        answer(move);
        break;
      default:
        give(plainCommand(move.do, story));
    }
  };

  /** What everybody does who does what they should: people say yes or try again, workers and their plans are good. */
  const advance = (run: Live): void => {
    const question = openInteraction(run);
    const lease = currentInvocation(run)?.lease?.number;
    const holder = workers.findLast((worker) => worker.lease === lease);
    if (run.paused) give({ type: 'continue' });
    else if (question)
      give({ type: 'answer', interaction: question.id, answer: question.options[0]?.key ?? '', note: null });
    else if (holder) send(holder, nextItems(run, confidence, story.steps), false);
    else start(false);
  };

  const settle = (): void => {
    confidence = 90;
    for (let moves = 0; moves < MOST_MOVES_TO_AN_END; moves += 1) {
      const run = live(state);
      if (!run) return;
      advance(run);
    }
  };

  return { log, given, state: () => state, give, make, settle };
};
export type Simulation = ReturnType<typeof createSimulation>;

/**
 * The whole story, told from the submit.
 * @param before told of each move that comes, by its number: something else may happen first
 */
export const simulate = (
  story: Story,
  before: (simulation: Simulation, move: number) => void = () => {},
): Simulation => {
  const simulation = createSimulation(story);
  simulation.make({ do: 'submit' });
  for (const [number, move] of story.moves.entries()) {
    before(simulation, number);
    simulation.make(move);
  }
  return simulation;
};
