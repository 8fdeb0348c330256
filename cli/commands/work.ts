import { resolve } from 'node:path';
import * as z from 'zod';
import { InvalidInput } from '#contracts';
import { readAnswerFile } from '../answer-file.ts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { renderStatus } from '../render/state.ts';
import { renderTaken, renderWork } from '../render/work.ts';
import { withSession } from '../session.ts';

/** The folder of a lease is named after it. */
const leaseIn = (folder: string): { readonly id: string; readonly lease: number } | null => {
  const [, id, lease] = /[/\\](orch_[0-9a-f_]+)-(\d+)(?:[/\\]|$)/.exec(folder) ?? [];
  return id === undefined ? null : { id, lease: Number(lease) };
};

/** @throws {InvalidInput} nobody said which run, outside of the folder of one */
const idOf = ({ io, args }: Call): string => {
  const id = args[0] ?? leaseIn(io.cwd)?.id;
  if (id !== undefined) return id;
  throw new InvalidInput('which run', [`name it, or work inside the folder; ${io.program} inbox shows what waits`]);
};

export const work: Run = (call) =>
  withSession(call, async ({ studio }) => {
    show(call, await studio.work(idOf(call)), (document, style) => renderWork(document, call.io.program, style));
    return EXIT.done;
  });

export const take: Run = (call) =>
  withSession(call, async ({ studio }) => {
    show(call, await studio.take(idOf(call)), (document, style) => renderTaken(document, call.io.program, style));
    return EXIT.done;
  });

const LeaseOptions = z.object({ lease: WholeNumber.optional() });

/** @throws {InvalidInput} nobody said under which lease, so that what is late cannot pass for what somebody else did */
const leaseOf = (call: Call): number => {
  const { io, options } = call;
  const id = idOf(call);
  const here = leaseIn(io.cwd);
  const lease = parseOptions(LeaseOptions, options).lease ?? (here?.id.startsWith(id) ? here.lease : undefined);
  if (lease !== undefined) return lease;
  throw new InvalidInput('which lease', [
    `say --lease, as take gave it, or work inside the folder; ${io.program} work ${id} shows who holds it`,
  ]);
};

const HandInOptions = z.object({
  summary: z.string().optional(),
  file: z.string().optional(),
  cannot: z.string().optional(),
  unblock: z.string().optional(),
  failed: z.string().optional(),
  learned: z.array(z.string()).optional(),
  directory: z.string().optional(),
});
type HandInOptions = z.infer<typeof HandInOptions>;

/** @throws {InvalidInput} more than one answer */
const answerOf = async ({ summary, file, cannot, unblock, failed }: HandInOptions, cwd: string): Promise<unknown> => {
  const given = [summary, file, cannot, failed].filter((option) => option !== undefined);
  if (given.length > 1)
    throw new InvalidInput('the answer', ['say one of --summary, --file, --cannot and --failed, not several']);
  if (file !== undefined) return readAnswerFile(resolve(cwd, file));
  if (failed !== undefined) return { type: 'failed', error: failed };
  if (cannot === undefined) return { type: 'done', summary: summary ?? 'done by hand' };
  if (unblock === undefined) throw new InvalidInput('the answer', ['say with --unblock what would help']);
  return { type: 'cannot', reason: cannot, unblock };
};

export const handIn: Run = async (call) => {
  const { io } = call;
  const { learned = [], directory, ...said } = parseOptions(HandInOptions, call.options);
  const document = {
    lease: leaseOf(call),
    answer: await answerOf(said, io.cwd),
    learnings: learned.map((text) => ({ text })),
    directory: directory === undefined ? null : resolve(io.cwd, directory),
  };
  return withSession(call, async ({ studio }) => {
    const state = await studio.handIn(idOf(call), document);
    show(call, state, (shown, style) => renderStatus(shown, style, { program: io.program, now: io.now() }));
    return EXIT.done;
  });
};

const tell = (call: Call, command: 'renew_work' | 'give_back_work') => {
  const { io } = call;
  const lease = leaseOf(call);
  return withSession(call, async ({ studio }) => {
    const state = await studio.control(idOf(call), { command, lease });
    show(call, state, (shown, style) => renderStatus(shown, style, { program: io.program, now: io.now() }));
    return EXIT.done;
  });
};

export const renew: Run = (call) => tell(call, 'renew_work');
export const giveBack: Run = (call) => tell(call, 'give_back_work');
