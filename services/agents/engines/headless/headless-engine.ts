import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { singleQuoted } from '#contracts';
import { failed, failedForNow } from '../answering-engine.ts';
import { couldNotStart, howItEnded, wasKilled, withStderr } from '../command/program-end.ts';
import { createRunProgram } from '../command/run-program.ts';
import {
  type Capabilities,
  type Engine,
  type EngineContext,
  type EngineFailure,
  isConfined,
  type ProgramOutcome,
} from '../engine.ts';
import { hostsIn, type KnownAgent } from '../known-agents.ts';
import { createPromptedEngine, type Prompt, type Said } from '../prompts/prompted-engine.ts';
import type { AgentCall } from './adapter.ts';
import { failureOf } from './faults.ts';
import { createListener, type Heard } from './listen.ts';

export interface HeadlessEngineOptions {
  readonly name: string;
  readonly agent: KnownAgent;
  /** Its program: a name on the PATH, or a path. */
  readonly file: string;
  /** Arguments after its own: a model, a profile. */
  readonly args?: readonly string[];
  readonly can: Capabilities;
  /** The setting that says what it can. */
  readonly canSetting: string;
  /** Variables beside those of every program: its account, and where its model is. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of one prompt; an agent that has not ended by then is killed. Default: 30 minutes. */
  readonly timeoutMs?: number;
  /** Without a line: some try a provider that does not answer again and again, and say nothing. Default: 10 minutes. */
  readonly silenceMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_SILENCE_MS = 10 * 60_000;
/** Agents print every file that they read. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
const MAX_PROGRESS = 1_000;

const notFound = ({ name, file, agent }: HeadlessEngineOptions, outcome: ProgramOutcome): EngineFailure => ({
  outcome: 'cannot',
  reason: withStderr(`engine ${name} could not start ${file}`, outcome),
  unblock: `install ${agent.title}, for example with npm install -g ${agent.package}, or choose another engine`,
});

const unanswered = ({ name, agent }: HeadlessEngineOptions, outcome: ProgramOutcome, heard: Heard): EngineFailure => {
  const what = heard.understood === 0 ? `without a line that Studio knows of ${agent.title}` : 'before its answer';
  const error = withStderr(`it ended with ${howItEnded(outcome)} ${what}`, outcome);
  return failureOf({ name, agent }, { error }, heard.until);
};

/** What counts of how an agent ended: what it said went wrong first, then its process, then its answer. */
const judge = (
  options: HeadlessEngineOptions,
  outcome: ProgramOutcome,
  heard: Heard,
  silentMs: number | null,
): Said => {
  const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (heard.fault !== null) return failureOf(options, heard.fault, heard.until);
  if (silentMs !== null)
    return failedForNow(withStderr(`engine ${name} was silent for ${silentMs / 1_000} s and was ended`, outcome));
  if (outcome.ended === 'timeout')
    return failed(withStderr(`engine ${name} did not end within ${timeoutMs / 1_000} s`, outcome));
  if (outcome.ended === 'too_much_output')
    return failed(`engine ${name} printed more than ${MAX_OUTPUT_BYTES} bytes and was ended`);
  if (heard.understood === 0 && couldNotStart(outcome)) return notFound(options, outcome);
  if (!heard.hasEnded && wasKilled(outcome))
    return failedForNow(withStderr(`engine ${name} was killed (${howItEnded(outcome)})`, outcome));
  const saidSomething = heard.hasEnded || (outcome.exitCode === 0 && heard.understood > 0);
  return saidSomething ? { outcome: 'said', text: heard.answer ?? '' } : unanswered(options, outcome, heard);
};

/** The folder of packages that its program is a part of: it may be anywhere. */
const installedAt = (file: string): readonly string[] => {
  try {
    const real = realpathSync(file);
    const packages = real.indexOf('/node_modules/');
    return [dirname(file), packages < 0 ? dirname(real) : `${real.slice(0, packages)}/node_modules`];
  } catch {
    return []; // a name on the PATH
  }
};

const callFor = ({ request }: Prompt, context: EngineContext): AgentCall => ({
  works: request.kind === 'step' || request.kind === 'fix',
  budgetUsd: context.budgetUsd ?? null,
  confined: isConfined(context),
});

/** Ends a program that says nothing for so long. */
const startSilence = (silenceMs: number, end: () => void) => {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    end();
  }, silenceMs);
  return {
    heard: (): void => void timer.refresh(),
    stop: (): void => clearTimeout(timer),
    isOver: (): boolean => isOver,
  };
};

/** Puts one prompt to a new process of the agent. */
const ask = async (options: HeadlessEngineOptions, prompt: Prompt, context: EngineContext): Promise<Said> => {
  const { agent, file, args = [], environment } = options;
  const { adapter } = agent;
  const call = callFor(prompt, context);
  const env = { ...context.env, ...environment, ...adapter.quiet(call) };
  const enough = new AbortController();
  const listener = createListener({
    adapter,
    progress: (message) => context.progress(message.slice(0, MAX_PROGRESS)),
    used: (usage) => context.used?.(usage),
    giveUp: () => enough.abort(),
    now: Date.now,
  });
  const { silenceMs = DEFAULT_SILENCE_MS } = options;
  const silence = startSilence(silenceMs, () => enough.abort());
  const allow = hostsIn(environment);
  const needs = { engine: options.name, agent: agent.program, environment, allow, read: installedAt(file) };
  const runProgram = context.runProgram ?? createRunProgram({ ...context, env }, needs);
  const outcome = await runProgram({
    command: `exec ${[file, ...adapter.args(call), ...args].map(singleQuoted).join(' ')}`,
    stdin: prompt.text,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    onLine: (line) => {
      silence.heard();
      listener.line(line);
    },
    signal: AbortSignal.any([context.signal, enough.signal]),
    maxOutputBytes: MAX_OUTPUT_BYTES,
  }).finally(() => {
    silence.stop();
    return context.sweep?.();
  });
  const heard = listener.end();
  context.signal.throwIfAborted();
  return judge(options, outcome, heard, silence.isOver() ? silenceMs : null);
};

/**
 * A coding agent of somebody else as an engine: one process a prompt, the prompt on its standard input, JSON lines back.
 * What it used is normalised; what it says that it did is shown, and believed by nobody.
 */
export const createHeadlessEngine = (options: HeadlessEngineOptions): Engine => {
  const { name, can, canSetting } = options;
  return createPromptedEngine({ name, can, canSetting, ask: (prompt, context) => ask(options, prompt, context) });
};
