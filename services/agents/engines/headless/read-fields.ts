import * as z from 'zod';

/** One of our own lines about what an agent does: what is longer is cut. */
const MOST = 160;

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, MOST) ?? '';

const INTERESTING = ['command', 'file_path', 'filePath', 'path', 'pattern', 'query', 'url', 'description'];

/** A tool and what it was used on, for people. */
export const describeTool = (name: string, input: unknown): string => {
  const fields = z.record(z.string(), z.unknown()).safeParse(input).data ?? {};
  const about = INTERESTING.map((field) => fields[field]).find((value) => typeof value === 'string');
  return typeof about === 'string' ? `${name}: ${firstLine(about)}` : name;
};

/** Reads a line by the schema that fits it, so that a field which an agent left out or changed is a line without meaning. */
export const readWith =
  <Shape extends z.ZodType, Remark>(schema: Shape, read: (line: z.infer<Shape>) => readonly Remark[]) =>
  (line: unknown): readonly Remark[] => {
    const parsed = schema.safeParse(line);
    return parsed.success ? read(parsed.data) : [];
  };

export const Tokens = z.number().int().nonnegative().catch(0);
