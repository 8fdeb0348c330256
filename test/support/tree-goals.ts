import { join } from 'node:path';
import { execa } from 'execa';
import type { Goal, Operation, Plan } from '#contracts';

/** Goals whose steps make, change and delete files, one of them without an end the first time. */

const step = (number: number, operations: readonly Operation[]): Plan['steps'][number] => ({
  id: `step_${number}`,
  name: `Step ${number}`,
  action: 'change files',
  operations: [...operations],
  success_criteria: [
    { criterion: `step ${number} was here`, verification: { type: 'command', command: `test -f made-${number}.txt` } },
  ],
  depends_on: number === 1 ? [] : [`step_${number - 1}`],
});

const made = (number: number): Operation => ({ op: 'write', path: `made-${number}.txt`, content: `${number}\n` });

export interface TreeGoal {
  readonly workspace: string;
  /** A folder outside the workspace, in which steps say what they saw. */
  readonly outside: string;
}

/** Every file with what it holds. */
const LISTING = "find . -type f -not -path './.git*' | LC_ALL=C sort | xargs sha256sum";

/**
 * Step 1 makes an untracked file and changes one; step 2 says what it sees, then deletes a file; step 3 deletes what
 * step 1 made, and never ends the first time.
 */
export const treeGoal = ({ workspace, outside }: TreeGoal): Goal => ({
  goal: 'Change the files',
  workspace,
  workflow: 'build_only',
  plan: {
    id: 'bp_tree',
    task_id: 'tree',
    goal: 'Change the files',
    acceptance_criteria: [],
    quality_gates: { lint: false, typecheck: false, test: false, security: false },
    steps: [
      step(1, [
        made(1),
        { op: 'run', command: 'mkdir -p notes && echo new > notes/untracked.txt && echo more >> kept.txt' },
      ]),
      step(2, [
        { op: 'run', command: `${LISTING} > '${outside}'/seen-$(ls '${outside}' | wc -l)` },
        { op: 'delete', path: 'old.txt' },
        made(2),
      ]),
      step(3, [
        { op: 'delete', path: 'notes/untracked.txt' },
        made(3),
        { op: 'run', command: `if mkdir '${join(outside, 'held')}' 2> /dev/null; then sleep 300; fi` },
      ]),
      step(4, [made(4)]),
    ],
  },
});

/** A repository with the files that the goal expects. */
export const makeTreeRepository = async (folder: string): Promise<void> => {
  const script = `git init -q -b main '${folder}' && cd '${folder}' && echo one > kept.txt && echo old > old.txt &&
    git add -A && git -c user.name=Test -c user.email=test@localhost commit -q -m Start`;
  await execa('sh', ['-c', script]);
};
