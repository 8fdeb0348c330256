import { resolve } from 'node:path';
import * as z from 'zod';
import type { BacklogChangeInput } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { readPlan } from '../plan-file.ts';
import { projectFolder } from '../project-folder.ts';
import { renderBacklog, renderNext } from '../render/backlog.ts';
import { withSession } from '../session.ts';

const Where = z.object({ workspace: z.string().optional() });

const folderOf = ({ options, io }: Call): string => projectFolder(parseOptions(Where, options), io);

export const backlog: Run = async (call) => {
  const workspace = folderOf(call);
  return withSession(call, async ({ studio }) => {
    show(call, await studio.backlog(workspace), (document, style) => renderBacklog(document, style, call.io.program));
    return EXIT.done;
  });
};

export const next: Run = async (call) => {
  const workspace = folderOf(call);
  return withSession(call, async ({ studio }) => {
    show(call, await studio.nextTasks(workspace), (document, style) => renderNext(document, style, call.io.program));
    return EXIT.done;
  });
};

/** Makes one change, and shows the backlog after it. */
const change = async (call: Call, what: BacklogChangeInput) => {
  const workspace = folderOf(call);
  return withSession(call, async ({ studio }) => {
    const after = await studio.changeBacklog(workspace, what);
    show(call, after, (document, style) => renderBacklog(document, style, call.io.program));
    return EXIT.done;
  });
};

const TaskOptions = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  after: z.array(z.string()).optional(),
  feature: z.string().optional(),
  effort: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['XS', 'S', 'M', 'L', 'XL']))
    .optional(),
  priority: WholeNumber.optional(),
  value: WholeNumber.optional(),
  doneWhen: z.array(z.string()).optional(),
  files: z.array(z.string()).optional(),
  goal: z.string().optional(),
  plan: z.string().optional(),
});

/** `--after T1,T2` and `--after T1 T2` are the same. */
const listed = (texts: readonly string[] | undefined): string[] | undefined =>
  texts?.flatMap((text) => text.split(',')).filter((text) => text !== '');

/** What was said of a task; what was not said is not there. */
const fieldsOf = async ({ options, io }: Call) => {
  const { after, doneWhen, plan, ...given } = parseOptions(TaskOptions, options);
  const fields = {
    ...given,
    depends_on: listed(after),
    acceptance: doneWhen?.map((criterion) => ({ criterion })),
    plan: plan === undefined ? undefined : (await readPlan(resolve(io.cwd, plan))).plan,
  };
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  // The cast: Object.entries forgets which field is which.
  return Object.fromEntries(present) as Extract<BacklogChangeInput, { do: 'edit' }>['changes'];
};

export const add: Run = async (call) =>
  change(call, { do: 'add', task: { ...(await fieldsOf(call)), title: call.args[0] ?? '' } });

const taskOf = ({ args }: Call): string => (args[0] ?? '').toUpperCase();

export const edit: Run = async (call) =>
  change(call, { do: 'edit', task: taskOf(call), changes: await fieldsOf(call) });

export const remove: Run = async (call) => change(call, { do: 'remove', task: taskOf(call) });

export const reopen: Run = async (call) => change(call, { do: 'reopen', task: taskOf(call) });
