import * as z from 'zod';
import { ENGINE_PROTOCOL, EngineMessage, type Usage } from '#contracts';
import type { EngineContext, EngineRequest, RequestDocument } from '../engine.ts';

/** The request as a program reads it. */
export const requestDocument = (request: EngineRequest, context: EngineContext): RequestDocument => {
  const common = {
    protocol: ENGINE_PROTOCOL,
    goal: request.goal,
    directory: context.directory,
    step_key: context.stepKey,
    learnings: (request.learnings ?? []).map(({ domain, time, text }) => ({ domain, date: time.slice(0, 10), text })),
    docs: (request.docs ?? []).map((doc) => ({ ...doc })),
    handoff: request.handoff ?? null,
    backlog: request.backlog ?? null,
  } as const;
  switch (request.kind) {
    case 'plan': {
      const { taskId, skills, hint, failure, round } = request;
      const answers = [...request.answers];
      return { ...common, kind: 'plan', task_id: taskId, skills: [...skills], hint, failure, round, answers };
    }
    case 'decompose': {
      const { specification, skills, hint } = request;
      const answers = [...request.answers];
      return { ...common, kind: 'decompose', specification, skills: [...skills], hint, answers };
    }
    case 'step': {
      const { plan, step, previous, hint } = request;
      const before = previous && { error: previous.error, hints: [...previous.hints] };
      return { ...common, kind: 'step', plan, step, try: request.try, previous: before, hint };
    }
    case 'fix': {
      const { plan, gate, command, output } = request;
      return { ...common, kind: 'fix', plan, gate, command, output, try: request.try };
    }
  }
};

type Remark = Extract<EngineMessage, { type: 'progress' | 'learning' | 'usage' }>;
export type FinalMessage = Exclude<EngineMessage, Remark>;

export type ReadLine =
  | { readonly kind: 'progress'; readonly message: string }
  | { readonly kind: 'learning'; readonly message: Extract<EngineMessage, { type: 'learning' }> }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'final'; readonly message: FinalMessage }
  | { readonly kind: 'malformed'; readonly problem: string };

const TYPES: ReadonlySet<unknown> = new Set(EngineMessage.options.map((option) => option.shape.type.value));

const parseMessage = (line: string): Record<string, unknown> | null => {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    const parsed = z.record(z.string(), z.unknown()).safeParse(value);
    return parsed.success && TYPES.has(parsed.data.type) ? parsed.data : null;
  } catch {
    return null;
  }
};

/** A line of a program: one of ours, one of ours gone wrong, or just something it printed. */
export const readLine = (line: string): ReadLine => {
  const document = parseMessage(line.trim());
  if (document === null) return { kind: 'progress', message: line.trim() };
  const parsed = EngineMessage.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`);
    return { kind: 'malformed', problem: `a ${String(document.type)} message is not valid: ${problems.join('; ')}` };
  }
  const message = parsed.data;
  switch (message.type) {
    case 'progress':
      return { kind: 'progress', message: message.message };
    case 'learning':
      return { kind: 'learning', message };
    case 'usage': {
      const { type: _type, ...usage } = message;
      return { kind: 'usage', usage };
    }
    default:
      return { kind: 'final', message };
  }
};
