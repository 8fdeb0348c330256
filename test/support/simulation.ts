import { RuleViolation } from '#contracts';
import {
  absent,
  type Command,
  currentInvocation,
  decide,
  evolve,
  type Live,
  nothingSpent,
  openInteraction,
  type ReportItem,
  type State,
} from '#domain';
import type { Event, Recorded } from '#events';
import { commit, progress, released, report, workerOf } from './facts.ts';
import { type AskMove, askItems, doneByHand, handCommand } from './hand-moves.ts';
import { askedItems, failedItems, lostItems, nextItems, outsideCommand } from './honest-worker.ts';
import { moneyCommand } from './money-moves.ts';
import type { Move, Story } from './moves.ts';
import { plainCommand } from './plain-command.ts';
import { contextOf, recordedOf } from './spec.ts';

/** A command that was given, and what came of it. */
export interface Given {
  readonly command: Command;
  /** When it was given. */
  readonly time: string;
  readonly before: State;
  readonly events: readonly Recorded[];
  readonly after: State;
  readonly rejected: string | null;
}

interface Worker {
  readonly lease: number;
  seq: number;
}

type Act = Extract<Move, { do: 'work' | 'fail' | 'ask' | 'let_go' | 'lose_work' }> | AskMove;
type Report = Extract<Command, { type: 'report' }>;

const START_MS = Date.parse('2026-02-02T14:30:52.000Z');

/** Enough for the longest plan, with every part of it asked about once more. */
const MOST_MOVES_TO_AN_END = 200;

const pickOf = <T>(from: readonly T[], pick: number): T | undefined => from[pick % Math.max(1, from.length)];

const live = (state: State): Live | null => (state.lifecycle === 'live' ? state : null);

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
  let waitedMs = 0;

  const now = (): string => new Date(START_MS + given.length * 1_000 + waitedMs).toISOString();

  const give = (command: Command): Given => {
    const before = state;
    const time = now();
    let rejected: string | null = null;
    let decided: readonly Event[] = [];
    try {
      decided = decide(before, command, contextOf({ now: time, draw: (given.length % 10) / 10 }));
    } catch (error) {
      if (!(error instanceof RuleViolation)) throw error;
      rejected = error.code;
    }
    const events = decided.map((event, index) => recordedOf(event, before.head.version + index + 1, time));
    state = events.reduce(evolve, before);
    log.push(...events);
    const result = { command, time, before, events, after: state, rejected };
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

  const itemsOf = (run: Live, move: Exclude<Act, { do: 'let_go' }>): readonly ReportItem[] => {
    switch (move.do) {
      case 'work':
        return nextItems(run, confidence, story.steps);
      case 'fail':
        return failedItems(run, move, now());
      case 'ask':
        return askedItems(run, move);
      case 'lose_work':
        return lostItems(run);
      default:
        return askItems(run, move, now());
    }
  };

  /** One of the two newest workers acts: the one that holds the lease, or one that does not know that it lost it. */
  const act = (move: Act): void => {
    const worker = pickOf(workers.slice(-2), move.pick);
    if (!worker) return;
    const run = live(state);
    if (move.do === 'let_go') letGo(worker, move.how);
    else send(worker, run ? itemsOf(run, move) : [progress()], 'delayed' in move && move.delayed);
  };

  const message = (move: Extract<Move, { do: 'repeat' | 'deliver' }>): void => {
    const command = pickOf(move.do === 'repeat' ? sent : onTheWay, move.pick);
    if (!command) return;
    onTheWay = onTheWay.filter((other) => other !== command);
    give(command);
  };

  /** Any of the open questions, by its name or as the only one; what was closed before, too. */
  const answer = ({ pick, text }: Extract<Move, { do: 'answer' }>): void => {
    const run = live(state);
    const open = run ? run.interactions.filter(({ outcome }) => outcome === null) : [];
    const chosen = pickOf(open, pick);
    const option = chosen && pickOf(chosen.options, pick)?.key;
    const interaction = pick % 3 === 0 ? 'int_1' : pick % 3 === 1 ? (chosen?.id ?? null) : null;
    give({ type: 'answer', interaction, answer: pick % 2 ? (option ?? text) : text, note: 'hint' });
  };

  const goBack = (move: Extract<Move, { do: 'resume' | 'rewind' }>): void => {
    const checkpoints = state.lifecycle === 'absent' ? [] : state.checkpoints;
    const checkpoint = move.pick % 4 === 0 ? null : (pickOf(checkpoints, move.pick)?.id ?? null);
    give({ type: move.do, checkpoint });
    confidence = story.confidence;
  };

  /** A run of a task ends, one that is counted on or one of before; told once or as often as anybody likes. */
  const endChild = (pick: number, outcome: 'completed' | 'failed' | 'aborted'): void => {
    const children = state.lifecycle === 'absent' ? [] : state.children.filter(({ id }) => id !== null);
    const running = children.filter(({ status }) => status === 'running');
    const child = pickOf(pick % 4 === 3 || running.length === 0 ? children : running, pick);
    if (!child?.id) return;
    const isDone = outcome === 'completed';
    const reason = isDone ? null : 'it is red';
    const made = isDone ? commit(String(pick % 10)) : null;
    give({
      type: 'end_child',
      task: child.task.id,
      child: child.id,
      outcome,
      reason,
      base: commit('a'),
      commit: made,
      spent: nothingSpent,
    });
  };

  const make = (move: Move): void => {
    switch (move.do) {
      case 'start':
        start(move.stale);
        break;
      case 'work':
      case 'fail':
      case 'ask':
      case 'let_go':
      case 'lose_work':
      case 'hand_out':
      case 'permit':
      case 'drop':
        act(move);
        break;
      case 'repeat':
      case 'deliver':
        message(move);
        break;
      case 'answer':
        answer(move);
        break;
      case 'wait':
        waitedMs += move.ms;
        break;
      case 'resume':
      case 'rewind':
        goBack(move);
        break;
      case 'end_child':
        endChild(move.pick, move.outcome);
        break;
      case 'outside':
        give(outsideCommand(move));
        break;
      case 'take':
      case 'hand_in':
      case 'give_back':
      case 'renew':
        give(handCommand(state, move, story.steps));
        break;
      case 'spend':
      case 'exceed':
        give(moneyCommand({ log, state, time: now() }, move));
        break;
      default:
        give(plainCommand(move.do, story));
    }
  };

  /** What people do who do what they should: they say yes or try again, and do what is handed out. */
  const wantedOfPeople = (run: Live): Command | null => {
    if (run.submission.driver === 'outside') return { type: 'outside_end' };
    if (run.paused) return { type: 'continue' };
    const question = openInteraction(run);
    return question
      ? { type: 'answer', interaction: question.id, answer: question.options[0]?.key ?? 'yes', note: null }
      : doneByHand(run, story.steps);
  };

  /** And workers and their plans are good. */
  const advance = (run: Live): void => {
    const command = wantedOfPeople(run);
    const lease = currentInvocation(run)?.lease?.number;
    const holder = workers.findLast((worker) => worker.lease === lease);
    if (command) give(command);
    else if (run.children.some(({ status }) => status === 'running')) endChild(0, 'completed');
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
