import { join } from 'node:path';
import { createKnownOutages } from '#attempts/known-outages';
import type { BuilderEquipment } from '#builder';
import { loadConfig } from '#runtime';
import { type EquipmentOptions, equip } from './equipment.ts';
import { stampOf } from './stamp.ts';

/**
 * Equipment as `.studio/config.yaml` has it at the time of asking: who is told to configure an engine and then answers
 * "retry" means the engine that is there now. Read again only when the file has changed; while it cannot be read, asking
 * fails with every problem of it, and the attempt that asked with it.
 */
export const currentEquipment = async (given: EquipmentOptions): Promise<() => Promise<BuilderEquipment>> => {
  const options = { ...given, outages: given.outages ?? createKnownOutages() };
  const { studioDir, env } = options;
  const file = join(studioDir, 'config.yaml');
  let stamp = await stampOf(file);
  let equipment = equip(options);
  await equipment;
  return async () => {
    const now = await stampOf(file);
    if (now !== stamp) {
      const { config } = await loadConfig({ file, env });
      equipment = equip({ ...options, config });
      stamp = now;
    }
    return equipment;
  };
};
