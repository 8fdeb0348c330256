import { join } from 'node:path';
import { collectObjects, knownRepository, type RemoteRepository } from '#repository';
import { diskUsage } from './disk-usage.ts';
import type { Findings, LookOptions } from './parts.ts';

const collected = async (repository: RemoteRepository, objects: string): Promise<number> => {
  const before = await diskUsage(objects);
  await collectObjects(repository);
  return Math.max(0, before - (await diskUsage(objects)));
};

/** Commits of git URLs that nothing on this machine names any more; the repository of a person is left to that person. */
export const spareObjects = async ({ studio, studioDir }: LookOptions): Promise<Findings> => {
  const copies = new Map<string, RemoteRepository>();
  for (const root of await studio.workspaces()) {
    const repository = await knownRepository({ root, studioDir });
    if (repository !== null && repository.remote !== null) copies.set(repository.gitDir, repository);
  }
  const removable = [...copies.values()].map((repository) => {
    const where = join(repository.gitDir, 'objects');
    const why = 'nothing on this machine has named them for two weeks';
    const remove = () => collected(repository, where);
    return { kind: 'objects' as const, name: repository.remote.url, where, bytes: 0, why, remove };
  });
  return { removable, kept: [] };
};
