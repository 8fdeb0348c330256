import { realpath } from 'node:fs/promises';
import { methods } from '@agentclientprotocol/sdk/unstable';
import type { EngineContext, EngineRequest } from '../engine.ts';
import { ForbiddenCommand } from '../forbidden-command.ts';
import type { Clock } from './clock.ts';
import { type OpenSession, openSession } from './open-session.ts';
import type { AcpEngineOptions } from './options.ts';
import { commandOf, judgeWanted, optionFor, type Wanted, wantedBy } from './permissions.ts';
import { Answered, type Notified, type PermissionAsked, type ToolCall } from './replies.ts';
import { failed, judgeStop } from './trouble.ts';
import { createTurn, type Turn } from './turn.ts';
import { createUsageMeter, type UsageMeter } from './usage.ts';
import { createWire, type Wire } from './wire.ts';

/** From the start of the program until it waits for a prompt: opencode takes 13 s where its hosts cannot be reached. */
const START_MS = 120_000;

/** An agent that is asked something, and perhaps once more. */
export interface Conversation {
  /**
   * @returns what the agent said last
   * @throws {AgentTrouble} @throws {ForbiddenCommand} @throws the reason of the abort
   */
  readonly prompt: (text: string) => Promise<string>;
  /** Ends the agent with all that it started. */
  readonly end: () => Promise<void>;
}

interface Talk {
  readonly options: AcpEngineOptions;
  readonly context: EngineContext;
  readonly kind: EngineRequest['kind'];
  /** The workspace, by all of its names. */
  readonly directories: readonly string[];
  readonly here: Here;
}

/** A command that must not run, whoever wants to. @returns false: the talk is over */
const passes = ({ context, here }: Talk, command: string | null): boolean => {
  try {
    if (command !== null) context.assertAllowed?.(command);
    return true;
  } catch (error) {
    if (!(error instanceof ForbiddenCommand)) throw error;
    here.wire?.fail(error);
    return false;
  }
};

/** Has a person decide, and the agent's time stands still meanwhile. */
const askPerson = async ({ context, options, here }: Talk, wanted: Wanted, signal: AbortSignal) => {
  if (!context.permit || !here.wire) return 'deny';
  const goOn = here.clock?.pause();
  try {
    const { name: engine, unattended } = options;
    const over = AbortSignal.any([signal, here.over.signal]);
    const permitted = context.permit({ engine, unattended, ...wanted, signal: over });
    here.waiting.add(permitted);
    return await Promise.race([permitted, here.wire.trouble]);
  } finally {
    goOn?.();
  }
};

const createPermissions = (talk: Talk) => {
  /** The same question of one tool call has one answer, however often it is put. */
  const asked = new Map<string, Promise<'allow' | 'deny'>>();
  const ask = (call: ToolCall, wanted: Wanted, signal: AbortSignal): Promise<'allow' | 'deny'> => {
    const key = JSON.stringify([call.toolCallId, wanted]);
    const answer = asked.get(key) ?? askPerson(talk, wanted, signal);
    asked.set(key, answer);
    return answer;
  };
  return async ({ toolCall, options }: PermissionAsked, signal: AbortSignal): Promise<string | null> => {
    const { turn } = talk.here;
    if (!turn) return null;
    const call = turn.toolCall(toolCall);
    const wanted = wantedBy(call);
    if (!passes(talk, wanted.command)) return null;
    const { kind: request, directories, context } = talk;
    const judged = judgeWanted(talk.options.permissions, wanted, call, { request, directories });
    const answer = judged.answer === 'ask' ? await ask(call, wanted, signal) : judged.answer;
    const why = judged.reason === null ? '' : ` (${judged.reason})`;
    if (answer === 'deny') context.progress(`denied${why}: ${wanted.title}`);
    return optionFor(answer, options);
  };
};

const overBudget = ({ options, context }: Talk, spentUsd: number): Error | null => {
  const { budgetUsd = null } = context;
  if (budgetUsd === null || spentUsd <= budgetUsd) return null;
  return failed(
    `engine ${options.name}: the agent has spent $${spentUsd.toFixed(4)} of the $${budgetUsd.toFixed(4)} that this request may cost, and was ended`,
    { category: 'blocker' },
  );
};

/** What a conversation knows of itself: nothing of it is anybody else's. */
interface Here {
  wire: Wire | null;
  clock: Clock | null;
  turn: Turn | null;
  session: OpenSession | null;
  meter: UsageMeter | null;
  /** The prompt that has no answer yet. */
  answering: Promise<unknown> | null;
  spentUsd: number;
  /** Ends what a person is asked for. */
  readonly over: AbortController;
  readonly waiting: Set<Promise<unknown>>;
}

const hear = (here: Here, talk: Talk, { sessionId, update }: Notified): void => {
  if (!update || sessionId !== here.session?.id) return;
  here.meter?.hear(update);
  if (!here.turn) return;
  here.turn.hear(update);
  if (update.sessionUpdate === 'tool_call' || update.sessionUpdate === 'tool_call_update')
    passes(talk, commandOf(here.turn.toolCall(update)));
  const over = overBudget(talk, here.spentUsd + (here.meter?.pendingUsd() ?? 0));
  if (over) here.wire?.fail(over);
};

/** Tells what was used since the last time, and where the conversation stands. */
const settle = (here: Here, { context }: Talk, answer: Answered | null): void => {
  const { meter, session } = here;
  if (!meter || !session) return;
  const usage = meter.settle(answer);
  here.spentUsd += usage?.cost_usd ?? 0;
  if (usage) context.used?.({ ...usage, model: session.model });
  if (usage || answer) context.session?.keep({ id: session.id, costUsd: meter.totalUsd() });
};

/** Puts one prompt and waits until the agent has ended its turn. */
const put = async (here: Here, { options, context }: Talk, wire: Wire, sessionId: string, text: string) => {
  const turn = createTurn(context.progress);
  const prompt = [{ type: 'text' as const, text }];
  here.turn = turn;
  here.clock = wire.startClock(options.timeoutMs);
  try {
    const answer = await wire.ask('the prompt', Answered, () => {
      here.answering = wire.agent.request(methods.agent.session.prompt, { sessionId, prompt });
      return here.answering;
    });
    here.answering = null;
    return { answer, said: turn.text() };
  } finally {
    here.turn = null;
    here.clock.stop();
  }
};

const begin = async (here: Here, talk: Talk, wire: Wire): Promise<OpenSession> => {
  const { options, kind, context } = talk;
  here.clock = wire.startClock(START_MS);
  const session = await openSession(options, kind, context, wire);
  const before = session.isResumed ? (context.session?.current?.costUsd ?? null) : null;
  here.session = session;
  here.meter = createUsageMeter(options.preset, before);
  if (!session.isResumed) context.session?.keep({ id: session.id, costUsd: null });
  return session;
};

/** Cancels what has no answer yet. @returns what the agent answers then; the cost of it counts, too */
const cancel = async ({ answering, wire, session }: Here): Promise<Answered | null> => {
  if (!answering || !wire || !session) return null;
  await wire.agent.notify(methods.agent.session.cancel, { sessionId: session.id });
  return Answered.safeParse(await answering).data ?? null;
};

/** Begins a conversation with an agent; its program starts with the first prompt. Call `end`, whatever happens. */
export const startConversation = async (
  options: AcpEngineOptions,
  kind: EngineRequest['kind'],
  context: EngineContext,
): Promise<Conversation> => {
  const here: Here = {
    wire: null,
    clock: null,
    turn: null,
    session: null,
    meter: null,
    answering: null,
    spentUsd: 0,
    over: new AbortController(),
    waiting: new Set(),
  };
  const real = await realpath(context.directory).catch(() => context.directory);
  const talk: Talk = { options, context, kind, directories: [context.directory, real], here };
  const permissions = createPermissions(talk);
  const open = (): Wire =>
    createWire(options, context, {
      onUpdate: (update) => hear(here, talk, update),
      onPermission: async (asked, signal) => (asked.sessionId === here.session?.id ? permissions(asked, signal) : null),
    });
  return {
    prompt: async (text) => {
      here.wire ??= open();
      const { id } = here.session ?? (await begin(here, talk, here.wire));
      const { answer, said } = await put(here, talk, here.wire, id, text);
      settle(here, talk, answer);
      const stopped = judgeStop(options.name, answer.stopReason);
      if (stopped) throw stopped;
      return said;
    },
    end: async () => {
      let late: Answered | null = null;
      await here.wire?.end(async () => {
        late = await cancel(here);
      });
      settle(here, talk, late);
      // Nobody is asked for an agent that is gone, and that comes before what became of its work.
      here.over.abort();
      await Promise.allSettled(here.waiting);
    },
  };
};
