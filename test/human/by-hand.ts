import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssignmentDocument, Goal, Plan } from '#contracts';
import { commandLine } from '../support/command-line.ts';
import { makeRepository } from '../support/line-goals.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A person at a terminal, in a repository. */
export interface Hands {
  /** The command line, as a person calls it. */
  readonly person: ReturnType<typeof commandLine>;
  /** The same, of a command that must succeed. @returns its document */
  readonly told: <T>(...args: readonly string[]) => Promise<T>;
  /** Waits until this run hands work out that nobody holds, and takes it. */
  readonly take: (id: string) => Promise<AssignmentDocument>;
  readonly env: Readonly<Record<string, string>>;
}

export interface HandScene extends Scene, Hands {
  readonly repository: string;
  /** Work that is handed out from now on waits for so long; 0: as long as it takes. */
  readonly workSeconds: (seconds: number) => Promise<void>;
}

const HELPER = fileURLToPath(new URL('../support/scripted-engine.mjs', import.meta.url));

/** Does what the greeting wants. */
const helperSays = {
  answers: { step: [{ type: 'done', summary: 'did it', files: { 'greeting.txt': 'hello from the helper\n' } }] },
};

export const setHands = (scene: Scene, repository: string, env: Readonly<Record<string, string>> = {}): Hands => {
  const host = join(scene.folder, 'host');
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: host,
    XDG_CACHE_HOME: join(host, 'cache'),
    STUDIO_DIR: join(host, '.studio'),
    REDIS_URL: scene.server.url,
    STUDIO_TAG: scene.tag,
    ...env,
  };
  const person = commandLine({ cwd: repository, env: environment });
  const told: Hands['told'] = async (...args) => {
    const { code, stdout, stderr } = await person([...args, '--json']);
    if (code !== 0) throw new Error(`studio ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`);
    return JSON.parse(stdout);
  };
  const take: Hands['take'] = async (id) => {
    await untilOut(scene, id);
    return told<AssignmentDocument>('take', id);
  };
  return { person, told, take, env: environment };
};

export const leaseOf = ({ assignment }: AssignmentDocument): string => String(assignment.held?.lease);

/** Everything that runs goals, a person who does the work, and the engine `helper`. */
export const setHandScene = async (env: Readonly<Record<string, string>> = {}): Promise<HandScene> => {
  const scene = await setScene({ env });
  const { fleet } = scene;
  const repository = join(scene.folder, 'repository');
  const [studioDir, helper] = [join(scene.folder, 'host', '.studio'), join(scene.folder, 'helper')];
  await Promise.all([makeRepository(repository), mkdir(studioDir), mkdir(helper)]);
  await writeFile(join(helper, 'script.json'), JSON.stringify(helperSays));
  const command = `"'${process.execPath}' '${HELPER}' '${helper}'"`;
  const workSeconds = (seconds: number) =>
    writeFile(
      join(studioDir, 'config.yaml'),
      `engines: { human: { work_s: ${seconds} }, commands: { helper: { command: ${command} } } }\n`,
    );
  await workSeconds(0);
  for (const service of ['router', 'state', 'planner', 'builder'] as const) fleet.start(service);
  await fleet.ready();
  return { ...scene, repository, workSeconds, ...setHands(scene, repository, env) };
};

/** Waits until this run hands work out that nobody holds. */
export const untilOut = ({ studio }: Pick<Scene, 'studio'>, id: string): Promise<void> =>
  waitUntil(`${id} hands work out`, async () => {
    const last = (await studio.state(id)).assignments?.at(-1);
    return last !== undefined && last.outcome === null && last.held === null;
  });

/** A plan that wants `greeting.txt` to say hello. */
export const greetingPlan: Pick<Plan, 'acceptance_criteria' | 'steps' | 'quality_gates'> = {
  acceptance_criteria: [],
  steps: [
    {
      id: 'step_1',
      name: 'Greet',
      action: 'Write a greeting.',
      success_criteria: [
        { criterion: 'it greets', verification: { type: 'file_contains', path: 'greeting.txt', pattern: '^hello' } },
      ],
      depends_on: [],
    },
  ],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
};

export const greetingGoal = (repository: string, more: Partial<Goal> = {}) => ({
  goal: 'Add a greeting',
  workspace: repository,
  engine: 'human',
  workflow: 'build_only',
  plan: { id: 'bp_hand', task_id: 'greeting', goal: 'Add a greeting', ...greetingPlan },
  ...more,
});

export const writeIn = (document: AssignmentDocument, name: string, text: string): Promise<void> =>
  writeFile(join(document.directory ?? '', name), text);
