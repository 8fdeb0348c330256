// How the agents print what they say: the lines of a real run of each, with other words.

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const COUNT = { uncached: 1000, cached: 200, output: 50 };

const claude = {
  said: (text) =>
    print({
      type: 'assistant',
      message: { id: 'msg_1', model: 'claude-sonnet-4-5', content: [{ type: 'text', text }] },
    }),
  did: (name, input) =>
    print({ type: 'assistant', message: { id: 'msg_2', content: [{ type: 'tool_use', id: 't', name, input }] } }),
  end: (text) =>
    print({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: text,
      total_cost_usd: 0.005,
      modelUsage: {
        'claude-sonnet-4-5': {
          inputTokens: COUNT.uncached,
          cacheReadInputTokens: COUNT.cached,
          cacheCreationInputTokens: 0,
          outputTokens: COUNT.output,
          costUSD: 0.005,
        },
      },
      permission_denials: [],
    }),
};

const codex = {
  said: (text) => print({ type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text } }),
  did: (name, input) =>
    print({ type: 'item.started', item: { type: 'command_execution', command: `${name} ${JSON.stringify(input)}` } }),
  end: () =>
    print({
      type: 'turn.completed',
      usage: {
        input_tokens: COUNT.uncached + COUNT.cached,
        cached_input_tokens: COUNT.cached,
        output_tokens: COUNT.output,
      },
    }),
};

const gemini = {
  said: (text) => {
    print({ type: 'message', role: 'assistant', content: text.slice(0, 5), delta: true });
    print({ type: 'message', role: 'assistant', content: text.slice(5), delta: true });
  },
  did: (name, input) => print({ type: 'tool_use', tool_name: name, tool_id: 't', parameters: input }),
  end: () =>
    print({
      type: 'result',
      status: 'success',
      stats: {
        models: {
          'gemini-2.5-flash': {
            input_tokens: COUNT.uncached + COUNT.cached,
            cached: COUNT.cached,
            output_tokens: COUNT.output,
          },
        },
      },
    }),
};

const qwen = {
  said: claude.said,
  did: claude.did,
  end: (text) =>
    print({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: text,
      usage: {
        input_tokens: COUNT.uncached + COUNT.cached,
        cache_read_input_tokens: COUNT.cached,
        output_tokens: COUNT.output,
      },
      permission_denials: [],
    }),
};

const opencode = {
  said: (text) => print({ type: 'text', part: { type: 'text', text } }),
  did: (tool, input) =>
    print({ type: 'tool_use', part: { type: 'tool', tool, state: { status: 'completed', input } } }),
  end: () =>
    print({
      type: 'step_finish',
      part: {
        tokens: { input: COUNT.uncached, output: COUNT.output, reasoning: 0, cache: { read: COUNT.cached, write: 0 } },
        cost: 0.005,
      },
    }),
};

export const formats = { claude, codex, gemini, qwen, opencode };
