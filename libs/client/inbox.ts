import { type InboxDocument, NotFound } from '#contracts';
import { MalformedEvent } from '#events';
import type { Parts } from './parts.ts';
import type { Studio } from './studio.ts';

type Item = InboxDocument['waiting'][number];
type Work = InboxDocument['work'][number];

/** Runs that are looked at in one go. */
const AT_ONCE = 32;
/** More than any person has in front of him. */
const MOST = 10_000;
const GOAL_CHARACTERS = 200;

interface Found {
  readonly waiting: readonly Item[];
  readonly work: readonly Work[];
}

const itemsOf = async (state: Studio['state'], id: string): Promise<Found> => {
  try {
    const { goal, parent, interactions, assignments = [] } = await state(id);
    const open = interactions.filter(({ outcome }) => outcome === null);
    const common = { orchestration: id, goal: goal.slice(0, GOAL_CHARACTERS), parent };
    return {
      waiting: open.map((interaction) => ({ ...common, open: open.length, interaction })),
      work: assignments.filter(({ outcome }) => outcome === null).map((assignment) => ({ ...common, assignment })),
    };
  } catch (error) {
    // One that cannot be read is told by itself, by `why` and `verify`; it keeps nobody from the others.
    if (error instanceof NotFound || error instanceof MalformedEvent) return { waiting: [], work: [] };
    throw error;
  }
};

/** What never times out comes last. */
const keyOf = ({ deadline, opened_at: opened }: Item['interaction'] | Work['assignment']): string =>
  `${deadline ?? '~'} ${opened}`;
const before = (a: string, b: string): number => (a < b ? -1 : 1);

/**
 * Reads what the log says of each run that may ask something: all that have a deadline ahead are in its index. The list is
 * asked too, for what waits for as long as it takes.
 */
export const createInbox =
  ({ log }: Parts, { list, state }: Pick<Studio, 'list' | 'state'>): Studio['inbox'] =>
  async () => {
    const [due, ...pages] = await Promise.all([
      log.due(Number.MAX_SAFE_INTEGER, MOST),
      list({ wait: 'question', limit: 1_000 }),
      list({ wait: 'approval', limit: 1_000 }),
      list({ wait: 'budget', limit: 1_000 }),
      list({ wait: 'work', limit: 1_000 }),
    ]);
    const listed = pages.flatMap(({ orchestrations }) => orchestrations).map(({ id }) => id);
    const ids = [...new Set([...due, ...listed])];
    const found: Found[] = [];
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      found.push(...(await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => itemsOf(state, id)))));
    }
    return {
      waiting: found
        .flatMap(({ waiting }) => waiting)
        .sort((a, b) => before(keyOf(a.interaction), keyOf(b.interaction))),
      work: found.flatMap((item) => item.work).sort((a, b) => before(keyOf(a.assignment), keyOf(b.assignment))),
    };
  };
