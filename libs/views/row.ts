import * as z from 'zod';
import { ListRow, Role } from '#contracts';
import { currentInvocation, nothingObserved, type State, statusOf, totalSpend, waitReason } from '#domain';

/** Characters of the goal that a list shows. */
const GOAL_CHARACTERS = 200;

/** A row as it is stored: what a list shows, and what it needs to say how a wait looks from outside. */
export const StoredRow = z.strictObject({
  /** Rows of before there were costs cost nothing, and say nothing of whose tasks they are. */
  row: ListRow.extend({ cost_usd: ListRow.shape.cost_usd.default(0), parent: ListRow.shape.parent.default(null) }),
  /** Who is ordered to work. */
  role: Role.nullable(),
  /** When a wait of kind `due` is over. */
  until: z.string().nullable(),
  createdMs: z.number(),
  /** Names of the indexes that hold it. */
  indexes: z.array(z.string()),
});
export type StoredRow = z.infer<typeof StoredRow>;

const indexNames = ({ status, wait, labels }: Pick<ListRow, 'status' | 'wait' | 'labels'>): readonly string[] => [
  'all',
  `status:${status}`,
  ...(wait === null ? [] : [`wait:${wait}`]),
  ...Object.entries(labels).map(([key, value]) => labelIndex(`${key}=${value}`)),
];

export const labelIndex = (label: string): string => `label:${label}`;

/**
 * The row of a state: what its document says, without making all of that for a few words. Of the outside nothing is
 * looked at, so that every projector makes the same.
 */
export const rowOf = (state: Exclude<State, { lifecycle: 'absent' }>): StoredRow => {
  const wait = waitReason(state, nothingObserved, state.updatedAt);
  const { goal, labels, workspace, parent } = state.submission;
  const row: ListRow = {
    id: state.id,
    version: state.head.version,
    goal: goal.slice(0, GOAL_CHARACTERS),
    status: statusOf(state),
    outcome: state.lifecycle === 'ended' ? state.outcome.kind : null,
    workflow: state.route?.workflow ?? null,
    wait: wait?.kind ?? null,
    labels,
    workspace,
    parent,
    cost_usd: totalSpend(state).usd,
    created_at: state.createdAt,
    updated_at: state.updatedAt,
  };
  return {
    row,
    role: currentInvocation(state)?.role ?? null,
    until: wait?.until ?? null,
    createdMs: Date.parse(row.created_at),
    indexes: [...indexNames(row)],
  };
};
