import { join } from 'node:path';
import type { Config } from '#contracts';
import { createLedger, createPurse, type Known, type Purse } from '#money';
import { loadConfig } from '#runtime';
import type { EquipmentOptions } from './equipment.ts';
import type { Installation } from './installation.ts';
import { stampOf } from './stamp.ts';

/** Recipes ask nobody, and a person is not paid by the token. */
const FREE: ReadonlySet<string> = new Set(['recipes', 'human']);

const isEmpty = (section: unknown): boolean =>
  typeof section !== 'object' || section === null || Object.keys(section).length === 0;

/** Whether an engine that costs something may be asked. */
const hasPaidEngine = ({ default: choice, ...sections }: Config['engines']): boolean =>
  [choice].flat().some((name) => name !== 'auto' && !FREE.has(name)) || !Object.values(sections).every(isEmpty);

const spends = ({ engines }: Config, { submission: { engine } }: Known): boolean =>
  engine === null || engine === 'auto' ? hasPaidEngine(engines) : !FREE.has(engine);

/**
 * What runs may spend, as `.studio/config.yaml` has it at the time of asking: a limit that a person raises there counts at
 * once. While the file cannot be read, the limits stay as they were.
 */
export const createPurseOf = (
  { redis, tag, orchestrations, now }: Installation,
  { studioDir, config: first, env }: Pick<EquipmentOptions, 'studioDir' | 'config' | 'env'>,
): Purse => {
  const file = join(studioDir, 'config.yaml');
  let config = first;
  let stamp: string | null = null;
  const current = async (): Promise<Config> => {
    const newest = await stampOf(file);
    if (newest !== stamp) {
      const loaded = stamp === null ? null : await loadConfig({ file, env }).catch(() => null);
      config = loaded?.config ?? config;
      stamp = newest;
    }
    return config;
  };
  return createPurse({
    ledger: createLedger(redis, tag),
    money: async () => (await current()).money,
    spends: async (run) => spends(await current(), run),
    load: orchestrations.load,
    now,
  });
};
