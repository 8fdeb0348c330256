// A small coding agent: it asks a model (Messages API, at the URL that it is called with) and runs the commands that the
// model wants, until it wants none. `model-agent.mjs acp <url>` speaks the Agent Client Protocol, `command` that of Studio.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { agent, methods, ndJsonStream } from '@agentclientprotocol/sdk/unstable';

const [how, url] = process.argv.slice(2);

const TOOLS = [
  {
    name: 'Bash',
    description: 'Runs a command',
    input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
  },
];

const call = async (messages) => {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted', max_tokens: 1_000, tools: TOOLS, messages }),
  });
  if (!response.ok) throw new Error(`the model answered ${response.status}`);
  return response.json();
};

const run = ({ id, input }) => {
  const { stdout } = spawnSync('sh', ['-c', input.command], { encoding: 'utf8' });
  return { type: 'tool_result', tool_use_id: id, content: stdout };
};

/** @returns what the model said last */
const converse = async (prompt, onUsage) => {
  const messages = [{ role: 'user', content: prompt }];
  for (;;) {
    const { content, usage } = await call(messages);
    onUsage(usage);
    const calls = content.filter(({ type }) => type === 'tool_use');
    if (calls.length === 0) return content.map(({ text }) => text).join('\n');
    messages.push({ role: 'assistant', content }, { role: 'user', content: calls.map(run) });
  }
};

const inputOf = (usage) => usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;

const speakAcp = () => {
  const app = agent({ name: 'model-agent' })
    .onRequest(methods.agent.initialize, () => ({ protocolVersion: 1, agentCapabilities: {} }))
    .onRequest(methods.agent.session.new, () => ({ sessionId: 'one' }))
    .onRequest(methods.agent.session.prompt, async ({ params: { sessionId, prompt }, client }) => {
      const total = { inputTokens: 0, cachedReadTokens: 0, outputTokens: 0, totalTokens: 0 };
      const text = await converse(prompt.map((block) => block.text).join(''), (usage) => {
        total.inputTokens += inputOf(usage);
        total.cachedReadTokens += usage.cache_read_input_tokens;
        total.outputTokens += usage.output_tokens;
      });
      total.totalTokens = total.inputTokens + total.outputTokens;
      const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
      await client.notify(methods.client.session.update, { sessionId, update });
      return { stopReason: 'end_turn', usage: total };
    })
    .onNotification(methods.agent.session.cancel, () => process.exit(0));
  app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
};

const promptOf = ({ kind, goal, step }) =>
  kind === 'plan' ? `You plan how a goal is reached: ${goal}` : `# Your step\n\n${step.name}`;

const speakCommand = async () => {
  const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  const text = await converse(promptOf(JSON.parse(readFileSync(0, 'utf8'))), (usage) => {
    const counted = { input_tokens: inputOf(usage), cached_tokens: usage.cache_read_input_tokens };
    tell({ type: 'usage', ...counted, output_tokens: usage.output_tokens });
  });
  const [, document] = /```json\n(.*)\n```/s.exec(text) ?? [];
  tell(document ? JSON.parse(document) : { type: 'done', summary: text });
};

if (how === 'acp') speakAcp();
else await speakCommand();
