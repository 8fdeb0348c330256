/** Reading of documents that other programs send: whatever is not there is empty. */

type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}; // checked just here

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text of content that is a string or a list of parts. */
export const contentText = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map((part) => text(fields(part).text))
        .filter((part) => part !== '')
        .join('\n');

const ofSchema = (schema: unknown): unknown => {
  const { type, properties, required, enum: values, anyOf } = fields(schema);
  if (Array.isArray(values)) return values[0];
  if (Array.isArray(anyOf)) return ofSchema(anyOf[0]);
  if (type === 'object' || properties !== undefined)
    return Object.fromEntries(list(required).map((name) => [name, ofSchema(fields(properties)[text(name)])]));
  if (type === 'array') return [];
  if (type === 'boolean') return false;
  return type === 'number' || type === 'integer' ? 0 : 'ok';
};

/** The least that matches a schema, as far as its types go. */
export const leastOf = (schema: unknown): Fields => fields(ofSchema(schema));

/** A text in pieces as a stream would send it. */
export const inPieces = (whole: string): readonly string[] => {
  const middle = Math.ceil(whole.length / 2);
  return [whole.slice(0, middle), whole.slice(middle)].filter((piece) => piece !== '');
};
