import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { makeRepository } from './line-goals.ts';
import { auditOrchestrations } from './orchestration.ts';
import { type Scene, setScene } from './scene.ts';

interface TaskSceneOptions {
  readonly agents: Partial<Record<'architect' | 'planner' | 'builder', number>>;
  /** Recipes of the installation, by the name of their file. */
  readonly recipes?: Readonly<Record<string, string>>;
}

/** What the tests of a file share: services and a client, audited at the end; and what is each one's own: a repository. */
export const taskScene = ({ agents, recipes = {} }: TaskSceneOptions) => {
  let scene: Scene | null = null;
  let tests = 0;
  const set = (): Scene => {
    if (scene === null) throw new Error('the scene is set before the first test');
    return scene;
  };
  const repository = (): string => join(set().folder, `repository-${tests}`);

  beforeAll(async () => {
    scene = await setScene();
    const folder = join(scene.folder, 'host', '.studio', 'recipes');
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(recipes)) await writeFile(join(folder, name), text);
    scene.fleet.start('router');
    scene.fleet.start('state');
    for (const role of ['architect', 'planner', 'builder'] as const)
      if (agents[role]) scene.fleet.start(role, { count: agents[role] });
    await scene.fleet.ready();
  });
  afterAll(async () => {
    expect(await auditOrchestrations(set())).toEqual([]);
    await set().end();
  });
  beforeEach(async () => {
    tests += 1;
    await makeRepository(repository());
  });

  return {
    get scene() {
      return set();
    },
    /** A fresh one for each test. */
    get repository() {
      return repository();
    },
    /** A file for each test, by which it and its tasks tell each other something. */
    flag: (name: string): string => join(set().folder, `${tests}-${name}`),
  };
};
