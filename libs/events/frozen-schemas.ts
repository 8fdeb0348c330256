import * as z from 'zod';
import { Event } from './catalogue/index.ts';

/** File name of a frozen schema. */
const frozenName = (type: string, v: number): string => `${type}@${v}.json`;

interface EventSchema extends z.ZodType {
  readonly shape: { readonly type: z.ZodLiteral<string>; readonly v: z.ZodLiteral<number> };
}

/**
 * JSON Schema of the events of a catalogue as today's code stores them, by file name. A published `type@v` never
 * changes: `frozen/` beside the catalogue has what was published, and a test compares.
 */
export const schemasOf = (catalogue: readonly EventSchema[]): ReadonlyMap<string, string> =>
  new Map(
    catalogue.map((schema) => {
      const { type, v } = schema.shape;
      return [frozenName(type.value, v.value), `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`];
    }),
  );

/** Of the events of runs. */
export const currentSchemas = (): ReadonlyMap<string, string> => schemasOf(Event.options);
