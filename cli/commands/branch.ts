import { diffBranch, dropBranch, landBranch } from '../branch/land-branch.ts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { pickRun } from '../pick-run.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

/** `studio diff`: the patch itself, so that it can be piped. */
export const diff: Run = (call) =>
  withSession(call, async (session) => {
    const state = await session.studio.state(await pickRun(session.studio, call.args[0]));
    const patch = await diffBranch(session, state);
    show(call, { id: state.id, patch }, () => (patch === '' ? [] : [patch.replace(/\n$/, '')]));
    return EXIT.done;
  });

export const apply: Run = (call) =>
  withSession(call, async (session) => {
    const state = await session.studio.state(call.args[0] ?? '');
    const landed = await landBranch(session, state);
    show(call, { id: state.id, applied: landed.applied, detail: landed.lines }, ({ detail }) => detail);
    return landed.applied ? EXIT.done : EXIT.failed;
  });

export const discard: Run = (call) =>
  withSession(call, async (session) => {
    const state = await session.studio.state(call.args[0] ?? '');
    const refs = await dropBranch(session, state);
    show(call, { id: state.id, discarded: refs }, () => [
      `discarded ${state.outcome?.result.branch ?? state.id} (${count(refs.length, 'ref')}); the log keeps what happened`,
    ]);
    return EXIT.done;
  });
