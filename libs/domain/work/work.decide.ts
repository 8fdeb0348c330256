import { isDeepStrictEqual } from 'node:util';
import { RuleViolation } from '#contracts';
import type { EventOf } from '#events';
import type { CommandOf } from '../command.ts';
import { type Context, type Decision, fact } from '../context.ts';
import type { HandedOut, Live, Run } from '../run.ts';
import { answerProblems } from './answer-problems.ts';
import { openAssignment } from './find-work.ts';

type Closed = EventOf<'work.closed'>['data'];

const close = (
  { id }: HandedOut,
  outcome: Closed['outcome'],
  given: Partial<Pick<Closed, 'lease' | 'answer' | 'commit'>> = {},
): EventOf<'work.closed'> =>
  fact('work.closed', { work: id, outcome, lease: null, answer: null, commit: null, ...given });

/** Nobody's work on it matters any more. */
export const closeOpenWork = (run: Run, outcome: 'withdrawn' | 'superseded'): Decision => {
  const open = openAssignment(run);
  return open ? [close(open, outcome)] : [];
};

const returned = ({ id }: HandedOut, lease: number, reason: 'given_back' | 'expired') =>
  fact('work.returned', { work: id, lease, reason });

/** A lease never reaches beyond the time at which nobody waits for the work any more. */
const leaseEnd = ({ leaseMs, deadline }: HandedOut, { now }: Context): string => {
  const until = new Date(Date.parse(now) + leaseMs).toISOString();
  return deadline !== null && deadline < until ? deadline : until;
};

const heldBy = ({ holder }: HandedOut): string =>
  holder ? `${holder.by} holds it under lease ${holder.lease} until ${holder.until}` : 'nobody holds it now';

const nothingOut = (run: Live): RuleViolation => {
  const last = run.assignments.at(-1);
  const before = last?.closed ? `; ${last.id} is closed (${last.closed.outcome})` : '';
  return new RuleViolation('work.none', `${run.id} hands out no work now${before}`);
};

/** @throws {RuleViolation} nothing is handed out, somebody else holds it, or the run is paused */
export const takeWork = (run: Live, { taker }: CommandOf<'take_work'>, context: Context): Decision => {
  const open = openAssignment(run);
  if (!open) throw nothingOut(run);
  const { holder, id } = open;
  if (holder?.taker.id === taker.id) return [];
  if (run.paused)
    throw new RuleViolation('work.paused', `${run.id} is paused by ${run.paused.by}: resume it, then take ${id}`);
  const isFree = holder === null || holder.until <= context.now;
  if (!isFree) throw new RuleViolation('work.held', `${id} of ${run.id} is taken: ${heldBy(open)}`, { work: id });
  return [
    ...(holder ? [returned(open, holder.lease, 'expired')] : []),
    fact('work.taken', { work: id, taker, until: leaseEnd(open, context) }),
  ];
};

const ofLease = (run: Run, lease: number): HandedOut | undefined =>
  run.assignments.findLast(
    ({ holder, returned: before }) => holder?.lease === lease || before.some((ended) => ended.lease === lease),
  );

/** True when this is a repetition: exactly this was handed in under this lease before. */
export const wasHandedIn = (run: Run, { lease, answer, commit }: CommandOf<'hand_in_work'>): boolean => {
  const closed = ofLease(run, lease)?.closed;
  return closed?.lease === lease && closed.commit === commit && isDeepStrictEqual(closed.answer?.answer, answer);
};

const whyOver = (run: Live, assignment: HandedOut, lease: number): string => {
  const { id, closed, returned: before } = assignment;
  const ended = before.find((other) => other.lease === lease);
  const how = ended && (ended.reason === 'expired' ? `expired at ${ended.time}` : `was given back at ${ended.time}`);
  const now = closed ? `it is closed (${closed.outcome})` : heldBy(assignment);
  return `lease ${lease} of ${id} of ${run.id} ${how ?? 'is over'}, and ${now}`;
};

/** @throws {RuleViolation} this lease is not the one that holds: whatever is told under it changes nothing */
const heldUnder = (run: Live, lease: number): HandedOut => {
  const found = ofLease(run, lease);
  if (!found) throw new RuleViolation('work.lease_unknown', `nobody ever took work of ${run.id} under lease ${lease}`);
  if (found.closed === null && found.holder?.lease === lease) return found;
  throw new RuleViolation('work.lease_ended', whyOver(run, found, lease), { work: found.id, lease });
};

/** @throws {RuleViolation} the lease has ended */
export const renewWork = (run: Live, { lease }: CommandOf<'renew_work'>, context: Context): Decision => {
  const held = heldUnder(run, lease);
  const until = leaseEnd(held, context);
  return held.holder && until > held.holder.until ? [fact('work.renewed', { work: held.id, lease, until })] : [];
};

/** @throws {RuleViolation} the lease has ended otherwise */
export const giveBackWork = (run: Live, { lease }: CommandOf<'give_back_work'>): Decision => {
  const before = ofLease(run, lease)?.returned.find((ended) => ended.lease === lease);
  if (before?.reason === 'given_back') return [];
  return [returned(heldUnder(run, lease), lease, 'given_back')];
};

const OUTCOMES = {
  plan: 'done',
  questions: 'done',
  map: 'done',
  done: 'done',
  cannot: 'cannot',
  failed: 'failed',
} as const;

/** @throws {RuleViolation} the lease has ended, or this is no answer to what was handed out: nothing changes */
export const handInWork = (run: Live, command: CommandOf<'hand_in_work'>): Decision => {
  if (wasHandedIn(run, command)) return [];
  const { lease, answer, learnings, commit } = command;
  const held = heldUnder(run, lease);
  const problems = answerProblems(held, answer);
  if (problems.length > 0)
    throw new RuleViolation('work.answer', `this is no answer to ${held.id}: ${problems.join('; ')}`, { problems });
  return [close(held, OUTCOMES[answer.type], { lease, answer: { answer, learnings: [...learnings] }, commit })];
};

/** What time alone decides: work that nobody handed in goes back to its agent, what was taken for too long is free again. */
export const timeOutWork = (run: Live, { now }: Context): Decision => {
  const open = openAssignment(run);
  if (!open) return [];
  if (open.deadline !== null && open.deadline <= now) return [close(open, 'expired')];
  return open.holder && open.holder.until <= now ? [returned(open, open.holder.lease, 'expired')] : [];
};
