import { createInterface } from 'node:readline';
import * as z from 'zod';
import { InvalidInput } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { renderRoute } from '../render/lists.ts';
import { withSession } from '../session.ts';

const RouteOptions = z.object({ stdin: z.boolean().optional(), task: z.array(z.string()).optional() });

async function* goalsOf({ args, io }: Call, stdin: boolean): AsyncGenerator<string, void> {
  if (!stdin) {
    const [goal] = args;
    if (!goal) throw new InvalidInput('no goal', [`say what would be done: ${io.program} route "Fix the login page"`]);
    return yield goal;
  }
  for await (const text of createInterface({ input: io.stdin })) if (text.trim() !== '') yield text;
}

/** Decides and stores nothing: of one goal, or of one a line. */
export const route: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { stdin = false, task = [] } = parseOptions(RouteOptions, call.options);
    for await (const goal of goalsOf(call, stdin)) show(call, await studio.route(goal, { tasks: task }), renderRoute);
    return EXIT.done;
  });
