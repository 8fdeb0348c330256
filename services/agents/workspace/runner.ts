import { join } from 'node:path';
import type { CommandOutcome } from '#engines';
import type { GitScope } from '#repository';
import type { Needs, Program } from '#sandbox';
import { commandEnvironment, withVirtualEnvironment } from './command-environment.ts';
import { isFolder } from './dependency-cache.ts';
import { type Guard, startGuard } from './guard.ts';
import { killMarked, RUN_MARK } from './processes.ts';
import { runCommand } from './run-command.ts';
import { createMark } from './running-commands.ts';
import { type Confinement, openConfinement } from './sandbox/confinement.ts';
import { createSecretSearch } from './secrets.ts';
import { createCommandCheck } from './security/forbidden-commands.ts';
import type { RunOptions, WorkspaceParts } from './workspace.ts';

/** The sandbox of a lease, made while the rest is made ready. A failure is told to whoever asks for it. */
const confinementOf = (parts: WorkspaceParts, variables: Record<string, string>): Promise<Confinement | null> => {
  const { sandboxes, name, repository, scope, cacheDir, environment } = parts;
  if (sandboxes === null) return Promise.resolve(null);
  const findSecrets = createSecretSearch(environment);
  const isSecret = (text: string) => findSecrets(text).length > 0;
  const made = openConfinement({ sandboxes, name, gitDir: repository.gitDir, scope, cacheDir, variables, isSecret });
  made.catch(() => undefined);
  return made;
};

const sweep = async ({ [RUN_MARK]: mark }: Readonly<Record<string, string>>): Promise<void> => {
  if (mark !== undefined) await killMarked((found) => found === mark);
};

/** What starts programs in a workspace, and ends them with it. */
export const createRunner = (parts: WorkspaceParts, directory: string) => {
  const { name, settings, environment, redact, cacheDir, signal } = parts;
  const clean = commandEnvironment(environment, settings.allowEnv);
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const { checkout }: { readonly checkout: GitScope } = parts.repository;
  const places = { home: clean.HOME, worktree: parts.scope.workTree, folder: checkout.workTree ?? checkout.cwd };
  const assertAllowed = createCommandCheck(settings.security.forbidden, places, redact);
  const confinement = confinementOf(parts, clean);
  let ready: Confinement | null = null;
  let guard: Guard | null = null;

  const guarded = () => {
    guard ??= startGuard(`${name.orchestration}-${name.lease}`, clean.PATH ?? '');
    return guard;
  };
  const variables = async (stepKey?: string) => ({
    ...((await isFolder(join(directory, '.venv'))) ? withVirtualEnvironment(clean, directory) : clean),
    ...(stepKey === undefined ? {} : { STUDIO_STEP_KEY: stepKey }),
  });
  const runTrusted = async (command: string, options: RunOptions = {}): Promise<CommandOutcome> => {
    const work = runCommand({
      command,
      directory,
      environment: { ...(await variables(options.stepKey)), ...options.env },
      timeoutMs: options.timeoutMs ?? settings.commandTimeoutMs,
      signal: AbortSignal.any([signal, ending.signal, ...(options.signal === undefined ? [] : [options.signal])]),
      redact,
      cacheDir,
      name,
      guard: guarded(),
      confinement: await confinement,
    });
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  const run = async (command: string, options?: RunOptions): Promise<CommandOutcome> => {
    assertAllowed(command);
    return runTrusted(command, options);
  };

  const programEnvironment = async (stepKey: string) => {
    guarded();
    ready = await confinement;
    await ready?.refresh();
    return { ...(await variables(stepKey)), [RUN_MARK]: createMark(name) };
  };
  const remarks = (output: string) => ready?.remarks(output, true) ?? [];
  const confine = (program: Program, needs: Needs = {}): Program => ready?.confine(program, needs) ?? program;

  const end = async () => {
    ending.abort();
    await Promise.allSettled(running);
    (await confinement.catch(() => null))?.end();
    await guard?.end();
  };
  return { run, runTrusted, programEnvironment, sweep, assertAllowed, confine, remarks, end };
};
