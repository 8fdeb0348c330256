import { createHash, randomBytes } from 'node:crypto';

/** `orch_<UTC date>_<UTC time>_<12 hex>`. */
const orchestrationId = (at: Date, hex: string): string => {
  const [date = '', time = ''] = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `orch_${date}_${time}_${hex}`;
};

export const newOrchestrationId = (at: Date): string => orchestrationId(at, randomBytes(6).toString('hex'));

/** The same source at the same moment gives the same id: a job that is delivered twice is one goal. */
export const orchestrationIdFor = (source: string, at: Date): string =>
  orchestrationId(at, createHash('sha256').update(`${source} ${at.toISOString()}`).digest('hex').slice(0, 12));
