/** Changes every text inside a value of plain data, keeping its shape. Keys stay as they are. */
export const mapTexts = <Value>(value: Value, change: (text: string) => string): Value => {
  const map = (part: unknown): unknown => {
    if (typeof part === 'string') return change(part);
    if (Array.isArray(part)) return part.map(map);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, map(inner)]));
  };
  // Texts become texts and nothing else changes, so the type stays.
  return map(value) as Value;
};
