import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClassifier } from '#attempts';
import { createKnownOutages } from '#attempts/known-outages';
import type { BuilderEquipment } from '#builder';
import type { ContextPolicy } from '#contracts';
import type { Engine } from '#engines';

/** What workers need, with nothing in it that takes time: no repository, no gates, one engine. */
export const benchEquipment = (engine: Engine, context: ContextPolicy): BuilderEquipment => {
  const scratch = mkdtempSync(join(tmpdir(), 'studio-bench-'));
  return {
    engines: [engine],
    preferences: { default: 'auto', roles: {}, fallback: [] },
    outages: createKnownOutages(),
    settings: {
      setup: false,
      copy: [],
      commandTimeoutMs: 60_000,
      allowEnv: [],
      security: { forbidden: [], secretFiles: [] },
    },
    cacheDir: scratch,
    studioDir: scratch,
    nowhere: scratch,
    environment: {},
    redact: (text) => text,
    pricing: () => ({ costUsd: 0, basis: 'priced' }),
    dayOf: (time) => time.toISOString().slice(0, 10),
    classifier: createClassifier([], (text) => text),
    human: { leaseMs: 60_000, workMs: 0 },
    context,
    gates: {},
    gateTimeoutMs: 60_000,
    redFirst: 'off',
  };
};
