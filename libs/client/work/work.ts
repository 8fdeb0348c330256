import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type AssignmentDocument, EngineRequestDocument, HandIn, InvalidInput, RuleViolation } from '#contracts';
import { assignmentDocument, type Command, type HandedOut, openAssignment, type State } from '#domain';
import { problemsOf } from '#orchestrations';
import type { Studio } from '../studio.ts';
import type { HandFolders, HandLease } from './hand-folders.ts';

type Known = Exclude<State, { lifecycle: 'absent' }>;

export interface WorkOptions {
  readonly resolve: Studio['resolve'];
  readonly known: (id: string) => Promise<Known>;
  readonly state: Studio['state'];
  /** Gives a command, and returns the id of the run. */
  readonly execute: (id: string, command: Command) => Promise<string>;
  /** `null`: on this machine nobody does work by hand; then there are no folders. */
  readonly folders: (() => Promise<HandFolders>) | null;
}

/** The lease of an assignment with the folder of its run; `null` where there are no files to work on. */
const placeOf = (run: Known, { commit }: HandedOut, lease: number): HandLease | null =>
  commit === null || run.workspace === null ? null : { orchestration: run.id, lease, root: run.workspace.root };

const documentOf = (
  run: Known,
  assignment: HandedOut,
  place: { readonly directory: string | null; readonly problem: string | null },
): AssignmentDocument => ({
  orchestration: run.id,
  goal: run.submission.goal,
  assignment: assignmentDocument(assignment),
  ...place,
  request: EngineRequestDocument.parse({ ...assignment.request, directory: place.directory ?? '' }),
});

const openOf = (run: Known): HandedOut => {
  const open = run.lifecycle === 'live' ? openAssignment(run) : undefined;
  if (open) return open;
  throw new RuleViolation('work.none', `${run.id} hands out no work now; studio why ${run.id} says what it waits for`);
};

const heldBefore = (run: Known, lease: number): HandedOut | undefined =>
  run.assignments.findLast(
    ({ holder, returned }) => holder?.lease === lease || returned.some((ended) => ended.lease === lease),
  );

/** Only what changes files has files to hand in. */
const hasFiles = ({ kind }: HandedOut): boolean => kind === 'step' || kind === 'fix';

const parseHandIn = (input: unknown): HandIn => {
  const parsed = HandIn.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInput('what is handed in', problemsOf(parsed.error));
};

const collect = async (
  folders: HandFolders | null,
  { run, assignment, lease, directory }: { run: Known; assignment: HandedOut; lease: number; directory: string | null },
): Promise<string | null> => {
  // Told again, it is the same.
  if (assignment.closed?.lease === lease) return assignment.closed.commit;
  const place = placeOf(run, assignment, lease);
  const { commit } = assignment;
  if (place === null || commit === null || !hasFiles(assignment)) return null;
  const folder = directory ?? (await folders?.find(place)) ?? null;
  if (folders && folder) return folders.collect({ ...place, directory: folder, commit });
  throw new InvalidInput('no files', [
    `the folder of lease ${lease} of ${run.id} is not on ${hostname()}`,
    'hand it in on the machine where it was taken, or name another worktree of the repository with --directory',
  ]);
};

/** Files of a lease that has ended stay where they are: whoever did the work is told where. */
const withFiles = async (
  folders: HandFolders | null,
  { run, lease }: { readonly run: Known; readonly lease: number },
  error: RuleViolation,
): Promise<RuleViolation> => {
  const assignment = heldBefore(run, lease);
  const place = assignment ? placeOf(run, assignment, lease) : null;
  const folder = place && (await folders?.find(place));
  if (!folder || error.code !== 'rule.work.lease_ended') return error;
  return new RuleViolation(
    'work.lease_ended',
    `${error.message}. The files are kept in ${folder}: take the work again, and hand them in with --directory ${folder}`,
    { ...error.details, directory: folder },
  );
};

/** What somebody does who does the work of an agent by hand. */
export const createWork = (options: WorkOptions): Pick<Studio, 'work' | 'take' | 'handIn'> => {
  const { resolve, known, state, execute } = options;
  const foldersHere = async (): Promise<HandFolders | null> => (await options.folders?.()) ?? null;

  const make = async (run: Known, assignment: HandedOut, lease: number) => {
    const place = placeOf(run, assignment, lease);
    const folders = place && (await foldersHere());
    const { commit } = assignment;
    if (!folders || commit === null) return { directory: null, problem: null };
    return folders.make({ ...place, base: run.workspace?.base ?? commit, commit });
  };

  return {
    async work(id) {
      const run = await known(await resolve(id));
      const open = openOf(run);
      const place = open.holder ? placeOf(run, open, open.holder.lease) : null;
      const directory = (place && (await (await foldersHere())?.find(place))) ?? null;
      return documentOf(run, open, { directory, problem: null });
    },
    async take(id) {
      const taker = { id: randomUUID(), host: hostname() };
      const run = await known(await execute(id, { type: 'take_work', taker }));
      const taken = openOf(run);
      const lease = taken.holder?.lease;
      if (lease === undefined || taken.holder?.taker.id !== taker.id)
        throw new RuleViolation('work.held', `${taken.id} of ${run.id} was taken and lost again: take it once more`);
      try {
        return documentOf(run, taken, await make(run, taken, lease));
      } catch (error) {
        await execute(run.id, { type: 'give_back_work', lease });
        throw error;
      }
    },
    async handIn(id, input) {
      const given = parseHandIn(input);
      const folders = await foldersHere();
      const { lease, answer, learnings, directory } = folders
        ? { ...folders.clean(given), directory: given.directory }
        : given;
      const run = await known(await resolve(id));
      const assignment = heldBefore(run, lease);
      const isHeld = assignment?.holder?.lease === lease;
      const commit = isHeld ? await collect(folders, { run, assignment, lease, directory }) : null;
      try {
        await execute(run.id, { type: 'hand_in_work', lease, answer, learnings, commit });
      } catch (error) {
        throw error instanceof RuleViolation ? await withFiles(folders, { run, lease }, error) : error;
      }
      const place = assignment && placeOf(run, assignment, lease);
      if (place) await folders?.remove(place);
      return state(run.id);
    },
  };
};
