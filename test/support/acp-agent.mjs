// A coding agent that speaks the Agent Client Protocol and does what a script says, every misdeed included. It is called
// with the script as JSON. `turns` has the acts of each prompt, the last one for ever; `record` names a file that gets
// what the agent was asked, a JSON document a line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { agent, methods, ndJsonStream, RequestError } from '@agentclientprotocol/sdk/unstable';
import { sorter } from './acp-sorter.mjs';

const script = JSON.parse(process.argv[2] ?? '{}');
const record = (document) => {
  if (script.record) appendFileSync(script.record, `${JSON.stringify(document)}\n`);
};
const never = new Promise(() => {});
const raw = (text) => process.stdout.write(text);
const refusal = ({ code, message, data }) => new RequestError(code, message, data);
const cancels = new Map();
let prompts = 0;
let isResumed = false;

if (script.ignoreSigterm) process.on('SIGTERM', () => {});
if (script.lingers || script.ignoreSigterm) setInterval(() => {}, 1_000);
if (script.stderr) process.stderr.write(`${script.stderr.replaceAll('$SECRET', process.env.SECRET ?? '')}\n`);
if (script.junk) raw('Welcome!\n[1, 2]\n"text"\n{"jsonrpc":"2.0","id":77,"result":{}}\n\n{"no":"message"}\n');
const dies = (when) => {
  if (script.dies === when) process.exit(3);
};
dies('at_start');

const sessionOf = (id) => ({
  ...(id && { sessionId: id }),
  ...(script.modes && {
    modes: { currentModeId: script.modes[0], availableModes: script.modes.map((mode) => ({ id: mode, name: mode })) },
  }),
  ...(script.configOptions && { configOptions: script.configOptions }),
});

const text = (said, meta) => ({
  sessionUpdate: 'agent_message_chunk',
  content: { type: 'text', text: said },
  ...(meta && { _meta: meta }),
});

const replay = async (client, sessionId) => {
  for (const update of [text('from before'), { sessionUpdate: 'tool_call', toolCallId: 'old', title: 'an old call' }])
    await client.notify(methods.client.session.update, { sessionId, update });
};

/** Runs on without the agent: in a session of its own, with all descriptors closed. */
const leaveBehind = async (command) => {
  const child = spawn('sh', ['-c', command], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  child.unref();
};

const ask = async ({ permission, times = 1 }, place) => {
  const { client, sessionId } = place;
  const { kinds = ['allow_once', 'reject_once'], allowed = [], ...call } = permission;
  const options = kinds.map((kind, index) => ({ optionId: `o${index}`, name: kind, kind }));
  const toolCall = { toolCallId: 'call_1', ...call };
  const put = () => client.request(methods.client.session.requestPermission, { sessionId, toolCall, options });
  const answers = await Promise.all(Array.from({ length: times }, put));
  const chosen = answers.map(({ outcome }) => kinds[Number(outcome.optionId?.slice(1))] ?? outcome.outcome);
  for (const kind of chosen) record({ permission: kind });
  if (chosen.every((kind) => kind.startsWith('allow'))) await play(allowed, place);
};

/** What one act does, by its name. What it returns is the answer to the prompt. */
const deeds = {
  say: ({ say, meta }, { update }) => update(text(say, meta)),
  update: (act, { update }) => update(act.update, act.session),
  write: ({ write, content = '' }) => writeFileSync(write, content),
  raw: (act) => void raw(act.raw),
  huge: ({ huge }) => void raw(`{"jsonrpc":"2.0","method":"x","params":"${'x'.repeat(huge)}"}\n`),
  leave: ({ leave }) => leaveBehind(leave),
  cost: ({ cost }, { update }) =>
    update({ sessionUpdate: 'usage_update', used: 1, size: 10, cost: { amount: cost, currency: 'USD' } }),
  request: async ({ request }, { client }) =>
    record({ reply: await client.request(request, {}).catch(({ code }) => ({ code })) }),
  permission: ask,
  shell: ({ shell }) => once(spawn('sh', ['-c', shell], { stdio: 'ignore' }), 'exit'),
  closeStdout: () => void process.stdout.end(),
  exit: ({ exit }) => process.exit(exit),
  error: ({ error }) => {
    throw refusal(error);
  },
  hangs: ({ hangs }, { cancelled }) => (hangs === 'for_ever' ? never : cancelled),
  waitFor: async ({ waitFor }, place) => {
    while (!existsSync(waitFor) && !place.isCancelled) await Promise.race([delay(20), place.cancelled]);
  },
  answer: ({ answer }) => ({ stopReason: 'end_turn', ...answer }),
};

const play = async (acts, place) => {
  for (const act of acts) {
    const answer = await deeds[Object.keys(act).find((key) => key in deeds)](act, place);
    if (answer?.stopReason) return answer;
    if (place.isCancelled) return { stopReason: 'cancelled', ...script.cancelAnswer };
  }
  return { stopReason: 'end_turn' };
};

const placeOf = (client, sessionId) => {
  const place = {
    client,
    sessionId,
    isCancelled: false,
    update: (update, other) => client.notify(methods.client.session.update, { sessionId: other ?? sessionId, update }),
  };
  place.cancelled = new Promise((resolve) => {
    cancels.set(sessionId, () => {
      place.isCancelled = true;
      resolve(undefined);
    });
  });
  return place;
};

const app = agent({ name: 'scripted' })
  .onRequest(methods.agent.initialize, ({ params }) => {
    record({ initialize: params });
    dies('at_initialize');
    if (script.silent) return never;
    return {
      protocolVersion: script.version ?? 1,
      agentCapabilities: {
        loadSession: script.load === true,
        sessionCapabilities: script.resume ? { resume: {} } : {},
      },
      authMethods: [{ id: 'login', name: 'scripted login' }],
    };
  })
  .onRequest(methods.agent.session.new, ({ params }) => {
    record({ new: params });
    dies('at_session');
    if (script.newError) throw refusal(script.newError);
    return sessionOf(script.session ?? `s${process.pid}`);
  })
  .onRequest(methods.agent.session.resume, ({ params: { sessionId } }) => {
    record({ resume: sessionId });
    isResumed = true;
    if (script.forgets) throw RequestError.resourceNotFound(sessionId);
    return sessionOf(null);
  })
  .onRequest(methods.agent.session.load, async ({ params: { sessionId }, client }) => {
    record({ load: sessionId });
    await replay(client, sessionId);
    return sessionOf(null);
  })
  .onRequest(methods.agent.session.setMode, ({ params: { modeId } }) => {
    record({ mode: modeId });
    return {};
  })
  .onRequest(methods.agent.session.setConfigOption, ({ params: { configId, value } }) => {
    record({ option: configId, value });
    return { configOptions: [] };
  })
  .onRequest(methods.agent.session.prompt, async ({ params: { sessionId, prompt }, client }) => {
    const said = prompt.map((block) => block.text).join('');
    record({ prompt: said });
    const turns = script.turns ?? [[]];
    const acts = script.sorter ? sorter(said, isResumed) : turns[Math.min(prompts, turns.length - 1)];
    prompts += 1;
    const answer = await play(acts, placeOf(client, sessionId));
    if (script.afterwards) setImmediate(() => raw(script.afterwards));
    return answer;
  })
  .onNotification(methods.agent.session.cancel, ({ params: { sessionId } }) => {
    record({ cancel: sessionId });
    if (!script.ignoreCancel) cancels.get(sessionId)?.();
  });

app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
