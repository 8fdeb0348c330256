import * as z from 'zod';
import type { Adapter, Remark } from '../adapter.ts';
import { describeTool, readWith, Tokens } from '../read-fields.ts';

const Item = z.object({
  item: z.object({
    type: z.string(),
    text: z.string().nullish(),
    command: z.string().nullish(),
    message: z.string().nullish(),
    query: z.string().nullish(),
    changes: z.array(z.object({ path: z.string() })).nullish(),
  }),
});

const Completed = z.object({
  usage: z.object({
    input_tokens: Tokens,
    cached_input_tokens: Tokens,
    cache_write_input_tokens: Tokens,
    output_tokens: Tokens,
  }),
});

const Message = z.object({ message: z.string() });
const Failed = z.object({ error: Message });

/** `unexpected status 401 Unauthorized: …`, `exceeded retry limit, last status: 429 Too Many Requests` */
const statusIn = (error: string): number | null => {
  const [, status] = /\bstatus:? (\d{3})\b/.exec(error) ?? [];
  return status === undefined ? null : Number(status);
};

const readItem = ({ item }: z.infer<typeof Item>): readonly Remark[] => {
  switch (item.type) {
    case 'agent_message':
      return item.text ? [{ type: 'said', text: item.text }] : [];
    case 'file_change':
      return (item.changes ?? []).map(({ path }) => ({ type: 'did', what: describeTool('edit', { path }) }));
    case 'web_search':
      return [{ type: 'did', what: describeTool('search', { query: item.query }) }];
    case 'error':
      return item.message ? [{ type: 'did', what: `noted: ${item.message}` }] : [];
    default:
      return [];
  }
};

const readStarted = ({ item }: z.infer<typeof Item>): readonly Remark[] =>
  item.type === 'command_execution' && item.command
    ? [{ type: 'did', what: describeTool('shell', { command: item.command }) }]
    : [];

/** Input includes what was read from a cache, output what was reasoned; it says no cost. */
const readCompleted = ({ usage }: z.infer<typeof Completed>): readonly Remark[] => [
  {
    type: 'used',
    usage: {
      provider: 'openai',
      model: null,
      input_tokens: usage.input_tokens,
      cached_tokens: Math.min(usage.cached_input_tokens, usage.input_tokens),
      cache_write_tokens: 0,
      output_tokens: usage.output_tokens,
      cost_usd: null,
    },
  },
  { type: 'ended' },
];

/** Each try again is an error of its own; the last one is followed by the end of the turn. */
const readError = ({ message }: z.infer<typeof Message>): readonly Remark[] => [
  { type: 'retrying', fault: { error: message, status: statusIn(message) }, waitMs: null },
];

const readFailed = ({ error: { message } }: z.infer<typeof Failed>): readonly Remark[] => [
  { type: 'failed', fault: { error: message, status: statusIn(message) } },
];

const READERS: Readonly<Record<string, (line: unknown) => readonly Remark[]>> = {
  'item.started': readWith(Item, readStarted),
  'item.completed': readWith(Item, readItem),
  'turn.completed': readWith(Completed, readCompleted),
  'turn.failed': readWith(Failed, readFailed),
  error: readWith(Message, readError),
};

/** A worktree has its git folder outside of itself, and ours is made without anybody's trust. */
const QUIET = [
  'analytics.enabled=false',
  'features.apps=false',
  'features.plugins=false',
  'check_for_update_on_startup=false',
].flatMap((setting) => ['-c', setting]);

/** Codex CLI 0.169: `codex exec`. */
export const codex: Adapter = {
  args: ({ works, confined }) => [
    'exec',
    '--json',
    '--skip-git-repo-check',
    '--sandbox',
    // Its own sandbox cannot be built inside another.
    confined ? 'danger-full-access' : works ? 'workspace-write' : 'read-only',
    ...QUIET,
    '-',
  ],
  quiet: () => ({}),
  stopsAtBudget: false,
  read: (line) => READERS[String(line.type)]?.(line) ?? [],
};
