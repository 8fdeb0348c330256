import * as z from 'zod';
import { Event } from './catalogue/index.ts';

/** File name of a frozen schema. */
const frozenName = (type: string, v: number): string => `${type}@${v}.json`;

/**
 * JSON Schema of every event as today's code stores it, by file name. A published `type@v` never changes: `frozen/` has
 * what was published, and a test compares.
 */
export const currentSchemas = (): ReadonlyMap<string, string> =>
  new Map(
    Event.options.map((schema) => {
      const { type, v } = schema.shape;
      return [frozenName(type.value, v.value), `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`];
    }),
  );
