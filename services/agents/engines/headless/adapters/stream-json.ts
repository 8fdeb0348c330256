import * as z from 'zod';
import type { Remark } from '../adapter.ts';
import { describeTool } from '../read-fields.ts';

/** What Claude Code and its relatives share in their `stream-json`. They count differently, so usage is read by each. */

const Part = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), name: z.string(), input: z.unknown() }),
  z.object({ type: z.string() }).transform(() => null),
]);
type Part = z.infer<typeof Part>;

export const assistantWith = <Counted extends z.ZodType>(counted: Counted) =>
  z.object({
    parent_tool_use_id: z.string().nullish(),
    message: z.object({
      id: z.string(),
      model: z.string().nullish(),
      content: z.array(Part),
      usage: counted.nullish(),
    }),
  });

/** Messages of an agent that it started itself are its business. */
export const saidIn = (content: readonly Part[], parent: string | null | undefined): readonly Remark[] =>
  content.flatMap((part): Remark[] => {
    if (part === null) return [];
    if (part.type === 'tool_use' && 'name' in part) return [{ type: 'did', what: describeTool(part.name, part.input) }];
    return 'text' in part && !parent ? [{ type: 'said', text: part.text }] : [];
  });

export const Denials = z.array(z.object({ tool_name: z.string().catch('a tool') })).catch([]);

export const denialsIn = (denied: z.infer<typeof Denials>): readonly Remark[] =>
  denied.length === 0
    ? []
    : [
        {
          type: 'did',
          what: `was not permitted to use ${[...new Set(denied.map((one) => one.tool_name))].join(', ')}`,
        },
      ];
