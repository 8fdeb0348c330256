import { isDeepStrictEqual } from 'node:util';
import type { MapEpic, MapFeature, MapTask, TaskStatus } from '#contracts';
import { EMPTY_HEAD, type Head } from '#events';
import type { BacklogEvent, RecordedBacklogEvent, TaskOutcome } from './backlog.events.ts';

/** A task and how far it is. */
export interface Item extends Readonly<MapTask> {
  readonly status: TaskStatus;
  /** The claim that has it, `run_3`, or had it last. */
  readonly run: string | null;
  /** The orchestration that does it, or did it last. */
  readonly orchestration: string | null;
  readonly reason: string | null;
  /** What a map said of it last; what differs from that was changed by hand. `null`: no map ever named it. */
  readonly drawn: MapTask | null;
}

/** Tasks that were promised to one run of several. */
export interface Claim {
  readonly run: string;
  readonly tasks: readonly string[];
  /** `null`: promised, and not yet known to be submitted. */
  readonly orchestration: string | null;
  readonly ended: boolean;
}

/** A map that was taken in, with the ids that its parts were given here. */
export interface TakenIn {
  readonly source: string;
  readonly orchestration: string | null;
  readonly ids: Readonly<Record<string, string>>;
}

export interface BacklogState {
  readonly head: Head;
  readonly workspace: string | null;
  readonly updatedAt: string | null;
  readonly epics: readonly MapEpic[];
  readonly features: readonly MapFeature[];
  readonly items: readonly Item[];
  /** The highest number that an id of a letter ever had: a removed task leaves its id to nobody. */
  readonly last: Readonly<Record<'E' | 'F' | 'T', number>>;
  readonly maps: readonly TakenIn[];
  readonly claims: readonly Claim[];
}

export const emptyBacklog: BacklogState = {
  head: EMPTY_HEAD,
  workspace: null,
  updatedAt: null,
  epics: [],
  features: [],
  items: [],
  last: { E: 0, F: 0, T: 0 },
  maps: [],
  claims: [],
};

const opened = (task: MapTask, drawn: MapTask | null): Item => ({
  ...task,
  status: 'open',
  run: null,
  orchestration: null,
  reason: null,
  drawn,
});

/** A task of which a map says something else than before: what a person changed since stays as they have it. */
const drawnAgain = (item: Item, said: MapTask): Item => {
  const { drawn } = item;
  if (drawn === null) return { ...item, drawn: said };
  const isAsDrawn = (field: keyof MapTask) => isDeepStrictEqual(item[field], drawn[field]);
  const fields = Object.keys(said) as (keyof MapTask)[]; // parsed strictly: it has no others
  const taken = fields.filter(isAsDrawn).map((field) => [field, said[field]]);
  return { ...item, ...Object.fromEntries(taken), drawn: said };
};

const highest = (before: number, parts: readonly { readonly id: string }[]): number =>
  Math.max(before, ...parts.map(({ id }) => Number(id.slice(1))));

const withItem = (state: BacklogState, task: string, changes: Partial<Item>): BacklogState => ({
  ...state,
  items: state.items.map((item) => (item.id === task ? { ...item, ...changes } : item)),
});

const withClaim = (state: BacklogState, run: string, changes: Partial<Claim>): BacklogState => ({
  ...state,
  claims: state.claims.map((claim) => (claim.run === run ? { ...claim, ...changes } : claim)),
});

type DataOf<T extends BacklogEvent['type']> = Extract<BacklogEvent, { type: T }>['data'];

const decomposed = (state: BacklogState, data: DataOf<'backlog.decomposed'>): BacklogState => {
  const { epics, features, tasks, source, orchestration, ids } = data;
  const said = new Map(tasks.map((task) => [task.id, task]));
  const known = state.items.map((item) => {
    const again = said.get(item.id);
    return again ? drawnAgain(item, again) : item;
  });
  const fresh = tasks.filter(({ id }) => !state.items.some((item) => item.id === id));
  return {
    ...state,
    epics: [...state.epics, ...epics],
    features: [...state.features, ...features],
    items: [...known, ...fresh.map((task) => opened(task, task))],
    last: {
      E: highest(state.last.E, epics),
      F: highest(state.last.F, features),
      T: highest(state.last.T, tasks),
    },
    maps: [...state.maps, { source, orchestration, ids }],
  };
};

/** What was not done waits again; what was tried and did not pass needs somebody to look at it. */
const STATUS_AFTER: Readonly<Record<TaskOutcome, TaskStatus>> = {
  completed: 'done',
  failed: 'failed',
  halted: 'failed',
  aborted: 'open',
  skipped: 'open',
};

const ended = (state: BacklogState, { task, orchestration, outcome, reason }: DataOf<'task.ended'>): BacklogState =>
  withItem(state, task, {
    status: STATUS_AFTER[outcome],
    ...(orchestration === null ? {} : { orchestration }),
    reason: outcome === 'completed' ? null : reason,
  });

const claimed = (state: BacklogState, { run, tasks }: DataOf<'run.claimed'>): BacklogState => ({
  ...state,
  claims: [...state.claims, { run, tasks, orchestration: null, ended: false }],
  items: state.items.map((item) => (tasks.includes(item.id) ? { ...item, status: 'taken', run } : item)),
});

/** Tasks that the run never began are nobody's again. */
const runEnded = (state: BacklogState, { run }: DataOf<'run.ended'>): BacklogState => ({
  ...withClaim(state, run, { ended: true }),
  items: state.items.map((item) => (item.run === run && item.status === 'taken' ? { ...item, status: 'open' } : item)),
});

/** Only fields that are named: a change that leaves one out must not make it undefined. */
const present = (changes: DataOf<'task.edited'>['changes']): Partial<Item> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

const apply = (state: BacklogState, { type, data }: BacklogEvent): BacklogState => {
  switch (type) {
    case 'backlog.opened':
      return { ...state, workspace: data.workspace };
    case 'backlog.decomposed':
      return decomposed(state, data);
    case 'backlog.task_added':
      return {
        ...state,
        items: [...state.items, opened(data.task, null)],
        last: { ...state.last, T: highest(state.last.T, [data.task]) },
      };
    case 'task.edited':
      return withItem(state, data.task, present(data.changes));
    case 'task.removed':
      return { ...state, items: state.items.filter(({ id }) => id !== data.task) };
    case 'task.reopened':
      return withItem(state, data.task, { status: 'open', run: null, reason: null });
    case 'run.claimed':
      return claimed(state, data);
    case 'run.started':
      return withClaim(state, data.run, { orchestration: data.orchestration });
    case 'run.ended':
      return runEnded(state, data);
    case 'task.started':
      return withItem(state, data.task, { status: 'running', orchestration: data.orchestration, reason: null });
    case 'task.ended':
      return ended(state, data);
  }
};

/** The state after a fact. Facts of one stream, in order. */
export const evolveBacklog = (state: BacklogState, event: BacklogEvent): BacklogState => apply(state, event);

/** The state after these stored facts. */
export const foldBacklog = (events: readonly RecordedBacklogEvent[], from = emptyBacklog): BacklogState =>
  events.reduce((state, event) => {
    const { version, hash, time } = event;
    return { ...apply(state, event), head: { version, hash }, updatedAt: time };
  }, from);
