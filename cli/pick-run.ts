import type { Studio } from '#client';
import { type ListPage, NotFound } from '#contracts';

/** The newest run that somebody asked for, and not one that does a task of it; `null` where there is none. */
export const newestRun = async (studio: Studio): Promise<string | null> => {
  for (let cursor: string | null = null; ; ) {
    const page: ListPage = await studio.list({ limit: 100, ...(cursor === null ? {} : { cursor }) });
    const newest = page.orchestrations.find(({ parent }) => parent === null);
    cursor = page.next_cursor;
    if (newest || cursor === null) return newest?.id ?? null;
  }
};

/** The run that is meant: the one that was named, or the newest. @throws {NotFound} */
export const pickRun = async (studio: Studio, id: string | undefined): Promise<string> => {
  if (id !== undefined) return studio.resolve(id);
  const newest = await newestRun(studio);
  if (newest === null) throw new NotFound('there is no run yet: studio build "<goal>" starts one');
  return newest;
};

const RUN = /^(?:orch_.*|[0-9a-f]{4,12})$/;

/** Arguments of which the first may name a run: `resume cp_1`, `resume orch_… cp_1` and `resume 1a2b cp_1`. */
export const namedRun = (
  args: readonly string[],
): { readonly id: string | undefined; readonly rest: readonly string[] } => {
  const [first, ...rest] = args;
  return first !== undefined && RUN.test(first) ? { id: first, rest } : { id: undefined, rest: args };
};

/** Events read at once. */
const PAGE = 500;

/** Every stored event, oldest first, in pages: a long run is never held whole. */
export async function* eventsOf(studio: Studio, id: string, after = 0) {
  for (let last = after; ; ) {
    const page = await studio.events(id, { after: last, limit: PAGE });
    yield* page;
    last = page.at(-1)?.version ?? last;
    if (page.length < PAGE) return;
  }
}
