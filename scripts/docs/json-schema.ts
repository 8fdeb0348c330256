import * as z from 'zod';

/** The part of JSON Schema that zod writes for our documents. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly description?: string;
  readonly format?: string;
}

// The cast: zod's type allows every keyword of three drafts; the readers below look at these only.
export const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' }) as JsonSchema;

// An object with more keys than this is a document with its own schema: naming its keys would only repeat that.
const MAX_INLINE_KEYS = 10;

const objectText = ({ properties, additionalProperties }: JsonSchema): string => {
  const keys = Object.keys(properties ?? {});
  if (keys.length > MAX_INLINE_KEYS) return 'object';
  if (keys.length > 0) return `{ ${keys.join(', ')} }`;
  return typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
    ? `map of ${typeText(additionalProperties)}`
    : 'object';
};

/** A type as a person would say it: `"green" | "red"`, `list of string`, `{ from, to }`. */
export const typeText = (schema: JsonSchema): string => {
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeText))].join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.type === 'object') return objectText(schema);
  return schema.format ?? [schema.type ?? 'any value'].flat().join(' | ');
};
