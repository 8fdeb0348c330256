import * as z from 'zod';
import type { PruneDocument } from '#contracts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { moment, parseOptions } from '../parse-options.ts';
import { bytes } from '../render/bytes.ts';
import type { Style } from '../render/style.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

const PruneOptions = z.object({ olderThan: z.string().default('7d'), dryRun: z.boolean().optional() });

const render = ({ dry_run, removed, kept, bytes: total }: PruneDocument, style: Style): readonly string[] => [
  ...removed.map(
    ({ kind, name, bytes: size, why }) =>
      `${style.green('-')} ${kind} ${name}${size > 0 ? `  ${bytes(size)}` : ''}  ${style.dim(why)}`,
  ),
  ...kept.map(({ kind, name, why }) => `${style.dim('·')} ${kind} ${name} stays  ${style.dim(why)}`),
  `${count(removed.length, 'thing')} ${dry_run ? 'would be removed' : 'removed'}, ${bytes(total)}`,
];

export const prune: Run = async (call) => {
  const { olderThan, dryRun = false } = parseOptions(PruneOptions, call.options);
  const before = new Date(moment(olderThan, call.io.now()));
  return withSession(call, async ({ studio, studioDir }) => {
    const { prune: pruneMachine } = await import('#host/prune');
    show(call, await pruneMachine({ studio, studioDir, env: call.io.env, before, dryRun }), render);
    return EXIT.done;
  });
};

const CleanUpOptions = z.object({ dryRun: z.boolean().optional() });

export const cleanup: Run = async (call) => {
  const { dryRun = false } = parseOptions(CleanUpOptions, call.options);
  return withSession(call, async ({ studio, studioDir }) => {
    const { cleanUp } = await import('#host/prune');
    const id = await studio.resolve(call.args[0] ?? '');
    show(call, await cleanUp({ studio, studioDir, env: call.io.env, id, dryRun }), render);
    return EXIT.done;
  });
};
