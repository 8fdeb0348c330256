import * as z from 'zod';
import { ListRow, Role } from '#contracts';
import { currentInvocation, nothingObserved, type State, stateDocument, waitReason } from '#domain';

/** Characters of the goal that a list shows. */
const GOAL_CHARACTERS = 200;

/** A row as it is stored: what a list shows, and what it needs to say how a wait looks from outside. */
export const StoredRow = z.strictObject({
  row: ListRow,
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

/** The row of a state. Of the outside nothing is looked at, so that every projector makes the same. */
export const rowOf = (state: Exclude<State, { lifecycle: 'absent' }>): StoredRow => {
  const wait = waitReason(state, nothingObserved, state.updatedAt);
  const document = stateDocument(state, wait);
  const row: ListRow = {
    id: document.id,
    version: document.version,
    goal: document.goal.slice(0, GOAL_CHARACTERS),
    status: document.status,
    outcome: document.outcome?.kind ?? null,
    workflow: document.routing?.workflow ?? null,
    wait: wait?.kind ?? null,
    labels: document.labels,
    workspace: document.workspace,
    created_at: document.created_at,
    updated_at: document.updated_at,
  };
  return {
    row,
    role: currentInvocation(state)?.role ?? null,
    until: wait?.until ?? null,
    createdMs: Date.parse(row.created_at),
    indexes: [...indexNames(row)],
  };
};
