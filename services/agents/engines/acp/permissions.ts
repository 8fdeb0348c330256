import { isAbsolute, relative, resolve } from 'node:path';
import * as z from 'zod';
import { type PermissionAnswer, type PermissionRules, PermittedKind, shellWord } from '#contracts';
import type { EngineRequest } from '../engine.ts';
import type { ToolCall } from './replies.ts';

/** What an agent wants to do. */
export interface Wanted {
  readonly kind: PermittedKind;
  /** For people. */
  readonly title: string;
  /** A shell command line, where it is one. */
  readonly command: string | null;
}

const Input = z.object({
  command: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  cmd: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});

const SHELLS = /(?:^|\/)(?:ba|da|z)?sh$/;

/** A shell that is given its command line as an argument is that command line. */
const lineOf = (words: readonly string[]): string => {
  const [shell = '', flag = '', line] = words;
  return line !== undefined && SHELLS.test(shell) && /^-\w*c$/.test(flag) ? line : words.map(shellWord).join(' ');
};

/** The command line that a tool call runs; agents name it in several ways, some only in the title. */
export const commandOf = ({ kind, title, rawInput }: ToolCall): string | null => {
  const { command, cmd } = Input.safeParse(rawInput).data ?? {};
  const given = command ?? cmd;
  if (given !== undefined) return typeof given === 'string' ? given : lineOf(given);
  return kind === 'execute' && title ? title.replace(/^`(.*)`$/s, '$1') : null;
};

const kindOf = ({ kind }: ToolCall): PermittedKind => {
  if (kind === 'think') return 'read';
  return PermittedKind.safeParse(kind).data ?? 'other';
};

export const wantedBy = (call: ToolCall): Wanted => {
  const command = commandOf(call);
  const kind = command !== null && kindOf(call) === 'other' ? 'execute' : kindOf(call);
  const places = (call.locations ?? []).map(({ path }) => path).join(', ');
  return { kind, command, title: call.title ?? command ?? (places || call.toolCallId) };
};

/** What changes files, so that whoever only plans must not do it. */
const CHANGES: ReadonlySet<PermittedKind> = new Set(['edit', 'delete', 'move', 'execute']);

/** What must lie in the workspace. Where a command does its work is for the sandbox to limit. */
const PLACED: ReadonlySet<PermittedKind> = new Set(['edit', 'delete', 'move']);

const isBelow = (directory: string, path: string): boolean => {
  const from = relative(directory, resolve(directory, path));
  return from !== '..' && !from.startsWith('../') && !isAbsolute(from);
};

export interface Judged {
  readonly answer: PermissionAnswer;
  /** Why it is denied, for people; `null`: the configuration says so. */
  readonly reason: string | null;
}

/** What the configuration says of it, within what no configuration can allow. */
export const judgeWanted = (
  rules: PermissionRules,
  { kind }: Wanted,
  call: ToolCall,
  /** `directories`: the workspace, by all of its names. */
  { request, directories }: { readonly request: EngineRequest['kind']; readonly directories: readonly string[] },
): Judged => {
  const plans = request === 'plan' || request === 'decompose';
  if (plans && CHANGES.has(kind)) return { answer: 'deny', reason: 'planning changes nothing' };
  const outside = (call.locations ?? []).find(({ path }) => !directories.some((directory) => isBelow(directory, path)));
  if (outside && PLACED.has(kind)) return { answer: 'deny', reason: `${outside.path} is not in the workspace` };
  if (typeof rules === 'string') return { answer: rules, reason: null };
  return { answer: rules[kind] ?? rules.other ?? 'deny', reason: null };
};

/** The option for an answer. Ids differ from agent to agent, kinds do not; what nobody offers cannot be chosen. */
export const optionFor = (
  answer: 'allow' | 'deny',
  options: readonly { readonly optionId: string; readonly kind: string }[],
): string | null => {
  // Once is enough: what is allowed for the run is remembered here, not by the agent.
  const kinds = answer === 'allow' ? ['allow_once', 'allow_always'] : ['reject_once', 'reject_always'];
  for (const kind of kinds) {
    const option = options.find((offered) => offered.kind === kind);
    if (option) return option.optionId;
  }
  return null;
};
