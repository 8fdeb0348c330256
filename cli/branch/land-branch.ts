import { InvalidInput, type Result, type StateDocument } from '#contracts';
import { applyBranch, diffOf, discardBranch } from '#repository';
import type { Session } from '../session.ts';

/** A result that has something to take, and where it is. */
interface Verified {
  readonly root: string;
  readonly studioDir: string;
  readonly branch: string;
  readonly commit: string;
  readonly base: string;
}

const nothing = (id: string, why: string, program = 'studio') =>
  new InvalidInput(`nothing to take from ${id}`, [`${why}: ${program} status ${id} says more`]);

const verifiedResult = ({ id, outcome }: StateDocument): Result & { branch: string; commit: string; base: string } => {
  if (!outcome) throw nothing(id, 'it has not ended');
  const { result } = outcome;
  const { branch, commit, base } = result;
  if (!branch || !commit || !base || commit === base) throw nothing(id, 'it changed no file');
  return { ...result, branch, commit, base };
};

/** @throws {InvalidInput} it has not ended, or left no change */
const verifiedOf = ({ studioDir }: Session, state: StateDocument): Verified => {
  const { branch, commit, base } = verifiedResult(state);
  if (!state.workspace) throw nothing(state.id, 'it had no workspace');
  return { root: state.workspace, studioDir, branch, commit, base };
};

export interface Landed {
  readonly applied: boolean;
  readonly lines: readonly string[];
}

/** Brings the verified commit into the person's branch where that is safe, and records it. */
export const landBranch = async (session: Session, state: StateDocument): Promise<Landed> => {
  const applied = await applyBranch(verifiedOf(session, state));
  if (!applied.applied)
    return { applied: false, lines: [`not applied: ${applied.reason}`, `by hand: ${applied.command}`] };
  await session.studio.land(state.id, { as: 'applied', into: applied.into });
  return { applied: true, lines: [`applied to ${applied.into}`] };
};

export const diffBranch = (session: Session, state: StateDocument): Promise<string> =>
  diffOf(verifiedOf(session, state));

/** Deletes the branch and what was kept for it, and records that. @returns the refs that are gone */
export const dropBranch = async (session: Session, state: StateDocument): Promise<readonly string[]> => {
  const tasks = state.tasks.flatMap(({ orchestration }) => orchestration ?? []);
  const refs = await discardBranch({ ...verifiedOf(session, state), orchestration: state.id, tasks });
  await session.studio.land(state.id, { as: 'discarded' });
  return refs;
};
