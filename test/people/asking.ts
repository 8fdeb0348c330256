import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Goal, Interaction, StateDocument } from '#contracts';
import { makeRepository } from '../support/line-goals.ts';
import { type Scene, type SceneOptions, setScene } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

const ENGINE = fileURLToPath(new URL('asking-engine.mjs', import.meta.url));

export interface AskingScene extends Scene {
  readonly repository: string;
  /** A goal whose planner asks two questions, then one more. */
  readonly goal: (more?: Partial<Goal>) => Goal;
}

/** Everything that runs goals, with an engine that asks. `config` is more of the configuration of the services. */
export const setAskingScene = async ({
  config = '',
  ...options
}: SceneOptions & { readonly config?: string } = {}): Promise<AskingScene> => {
  const scene = await setScene(options);
  const file = join(scene.folder, 'host', '.studio', 'config.yaml');
  await mkdir(dirname(file), { recursive: true });
  const engine = `engines: { default: asking, commands: { asking: { command: "'${process.execPath}' '${ENGINE}'", can: [plan, work, decompose] } } }`;
  await writeFile(file, `${engine}\n${config}\n`);
  const repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  for (const service of ['router', 'state', 'architect', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
  return {
    ...scene,
    repository,
    goal: (more = {}) => ({
      goal: 'Write down what was said',
      workspace: repository,
      workflow: 'plan_then_build',
      attended: true,
      ...more,
    }),
  };
};

export const openIn = ({ interactions }: StateDocument): readonly Interaction[] =>
  interactions.filter(({ outcome }) => outcome === null);

/** The questions that a run asks now, once it asks so many. */
export const untilAsked = async (
  { studio }: Pick<Scene, 'studio'>,
  id: string,
  count: number,
): Promise<readonly Interaction[]> => {
  let open: readonly Interaction[] = [];
  await waitUntil(`${id} asks ${count} questions`, async () => {
    open = openIn(await studio.state(id));
    return open.length === count;
  });
  return open;
};
