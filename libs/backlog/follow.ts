import type { BacklogEvent } from './backlog.events.ts';
import type { FollowedRun, FollowedTask } from './command.ts';
import { type BacklogState, type Claim, evolveBacklog } from './state.ts';
import { takeIn } from './take-in.ts';

/** One thing after the other, each decided on what the one before made of the state. */
type Part = (state: BacklogState) => readonly BacklogEvent[];

const inTurn = (state: BacklogState, parts: readonly Part[]): readonly BacklogEvent[] =>
  parts.reduce<{ readonly state: BacklogState; readonly events: readonly BacklogEvent[] }>(
    (before, part) => {
      const events = part(before.state);
      return { state: events.reduce(evolveBacklog, before.state), events: [...before.events, ...events] };
    },
    { state, events: [] },
  ).events;

const claimOf = ({ claims }: BacklogState, { run, orchestration }: FollowedRun): Claim | undefined =>
  claims.find((claim) => (run === null ? claim.orchestration === orchestration : claim.run === run));

const drawn =
  ({ drawn: found, orchestration }: FollowedRun): Part =>
  (state) =>
    found ? takeIn({ do: 'decompose', ...found, orchestration }, state) : [];

/** A run that draws a map and goes on to build it has its tasks from the beginning. */
const claimOwn =
  (followed: FollowedRun): Part =>
  (state) => {
    if (followed.run !== null || followed.tasks.length === 0 || claimOf(state, followed)) return [];
    const { orchestration } = followed;
    const own = new Set(Object.values(state.maps.find((map) => map.orchestration === orchestration)?.ids ?? {}));
    const tasks = state.items.filter(({ id, status }) => own.has(id) && status === 'open').map(({ id }) => id);
    if (tasks.length === 0) return [];
    const run = `run_${state.claims.length + 1}`;
    return [
      { type: 'run.claimed', v: 1, data: { run, tasks } },
      { type: 'run.started', v: 1, data: { run, orchestration } },
    ];
  };

const attached =
  (followed: FollowedRun): Part =>
  (state) => {
    const claim = claimOf(state, followed);
    if (!claim || claim.ended || claim.orchestration !== null) return [];
    return [{ type: 'run.started', v: 1, data: { run: claim.run, orchestration: followed.orchestration } }];
  };

/** A task that was removed, or reopened by somebody since, is not this run's to change any more. */
const task =
  (followed: FollowedRun, { task: name, child, outcome, reason }: FollowedTask): Part =>
  (state) => {
    const ids = state.maps.find((map) => map.orchestration === followed.orchestration)?.ids;
    const item = state.items.find(({ id }) => id === (ids?.[name] ?? name));
    if (!item || item.run === null || item.run !== claimOf(state, followed)?.run) return [];
    const begun = child !== null && item.orchestration !== child;
    const isOver = begun || item.status === 'taken' || item.status === 'running';
    return [
      ...(begun
        ? [{ type: 'task.started' as const, v: 1 as const, data: { task: item.id, orchestration: child } }]
        : []),
      ...(outcome && isOver
        ? [
            {
              type: 'task.ended' as const,
              v: 1 as const,
              data: { task: item.id, orchestration: child, outcome, reason },
            },
          ]
        : []),
    ];
  };

const ended =
  (followed: FollowedRun): Part =>
  (state) => {
    const claim = claimOf(state, followed);
    if (!followed.ended || !claim || claim.ended) return [];
    return [{ type: 'run.ended', v: 1, data: { run: claim.run, reason: followed.ended.reason } }];
  };

/** Brings the backlog up to what a run's own log says. Told again, or told late, it adds nothing. */
export const follow = (followed: FollowedRun, state: BacklogState): readonly BacklogEvent[] =>
  inTurn(state, [
    drawn(followed),
    claimOwn(followed),
    attached(followed),
    ...followed.tasks.map((one) => task(followed, one)),
    ended(followed),
  ]);
