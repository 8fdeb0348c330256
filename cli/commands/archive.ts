import * as z from 'zod';
import type { ArchiveDocument } from '#contracts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { moment, parseOptions } from '../parse-options.ts';
import { bytes } from '../render/bytes.ts';
import type { Style } from '../render/style.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

const ArchiveOptions = z.object({ olderThan: z.string().default('7d'), dryRun: z.boolean().optional() });

const render = ({ dry_run, folder, archived, failed }: ArchiveDocument, style: Style): readonly string[] => {
  const size = archived.reduce((sum, row) => sum + (row.bytes ?? 0), 0);
  const done = dry_run ? 'would be moved' : `moved (${bytes(size)})`;
  return [
    ...archived.map(({ id, ended_at, version }) => `${id}  ended ${ended_at}  ${count(version, 'event')}`),
    ...failed.map(({ problem }) => `${style.red('✗')} ${problem}`),
    `${count(archived.length, 'run')} ${done} to ${folder}${failed.length > 0 ? `, ${failed.length} left in Redis` : ''}`,
  ];
};

export const archive: Run = async (call) => {
  const { olderThan, dryRun = false } = parseOptions(ArchiveOptions, call.options);
  const before = new Date(moment(olderThan, call.io.now()));
  return withSession(call, async ({ studio }) => {
    const document = await studio.archive({ before, dryRun });
    show(call, document, render);
    return document.failed.length > 0 ? EXIT.failed : EXIT.done;
  });
};
