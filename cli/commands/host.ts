import * as z from 'zod';
import { RuleViolation } from '#contracts';
import { ensureHost, stopHost } from '#host/client';
import { findStudioDir } from '#runtime';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show, writeLines } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { aboutUnknown } from '../render/next-steps.ts';

const UpOptions = z.object({ foreground: z.boolean().optional() });

/** With a Redis of their own, people start the services where they want them. */
const assertEmbedded = ({ io }: Call): void => {
  if (io.env.REDIS_URL)
    throw new RuleViolation(
      'host.not_here',
      'REDIS_URL is set, so there is no host: start services with studio start router, state, agent architect, agent planner, agent builder',
    );
};

/** Starts what runs goals on this machine, and waits until it is ready. */
export const up: Run = async (call) => {
  assertEmbedded(call);
  const { io } = call;
  const { foreground = false } = parseOptions(UpOptions, call.options);
  const { path: studioDir } = findStudioDir(io.cwd, io.env);
  if (foreground) {
    const { runHost } = await import('#host');
    await runHost({ studioDir, env: io.env });
    return EXIT.done;
  }
  const { endpoint, unknownToHost } = await ensureHost({ studioDir, env: io.env });
  writeLines(io.stderr, aboutUnknown(unknownToHost, io.program));
  show(call, { studio_dir: studioDir, endpoint }, () => [
    `up: ${studioDir}`,
    `${io.program} workers shows who works, ${io.program} down ends it`,
  ]);
  return EXIT.done;
};

/** Ends the host. Goals that run go on when it is started again: by `up`, or by the next command. */
export const down: Run = async (call) => {
  assertEmbedded(call);
  const { path: studioDir } = findStudioDir(call.io.cwd, call.io.env);
  const { stopped } = await stopHost({ studioDir });
  show(call, { studio_dir: studioDir, stopped }, () => [
    stopped ? `down: ${studioDir}` : `nothing ran for ${studioDir}`,
  ]);
  return EXIT.done;
};
