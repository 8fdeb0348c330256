import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
/** Random bytes are drawn for so many ids at once: a call into the system for each cost more than the id. */
const pool = new Uint8Array(256 * ID_BYTES);
let next = pool.length;

const draw = (): Uint8Array => {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  next += ID_BYTES;
  return pool.slice(next - ID_BYTES, next);
};

/** A UUIDv7: sorts by the time it was made. */
export const newEventId = (): string => v7({ rng: draw });
