import { type InboxDocument, NotFound } from '#contracts';
import type { Parts } from './parts.ts';
import type { Studio } from './studio.ts';

type Item = InboxDocument['waiting'][number];

/** Runs that are looked at in one go. */
const AT_ONCE = 32;
/** More than any person has in front of him. */
const MOST = 10_000;
const GOAL_CHARACTERS = 200;

const itemsOf = async (state: Studio['state'], id: string): Promise<readonly Item[]> => {
  try {
    const { goal, parent, interactions } = await state(id);
    const open = interactions.filter(({ outcome }) => outcome === null);
    return open.map((interaction) => ({
      orchestration: id,
      goal: goal.slice(0, GOAL_CHARACTERS),
      parent,
      open: open.length,
      interaction,
    }));
  } catch (error) {
    if (error instanceof NotFound) return [];
    throw error;
  }
};

/** What never times out comes last. */
const byDeadline = (a: Item, b: Item): number => {
  const key = ({ interaction: { deadline, opened_at: opened } }: Item): string => `${deadline ?? '~'} ${opened}`;
  return key(a) < key(b) ? -1 : 1;
};

/**
 * Reads what the log says of each run that may ask something: all that have a deadline ahead are in its index. The list is
 * asked too, for runs of before there were deadlines.
 */
export const createInbox =
  ({ log }: Parts, { list, state }: Pick<Studio, 'list' | 'state'>): Studio['inbox'] =>
  async () => {
    const [due, questions, approvals] = await Promise.all([
      log.due(Number.MAX_SAFE_INTEGER, MOST),
      list({ wait: 'question', limit: 1_000 }),
      list({ wait: 'approval', limit: 1_000 }),
    ]);
    const listed = [...questions.orchestrations, ...approvals.orchestrations].map(({ id }) => id);
    const ids = [...new Set([...due, ...listed])];
    const waiting: Item[] = [];
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const found = await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => itemsOf(state, id)));
      waiting.push(...found.flat());
    }
    return { waiting: waiting.sort(byDeadline) };
  };
