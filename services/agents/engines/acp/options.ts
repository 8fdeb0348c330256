import type { PermissionAnswer, PermissionRules } from '#contracts';
import type { Needs } from '#sandbox';
import type { Capabilities } from '../engine.ts';
import type { AgentPreset } from './presets.ts';

export interface AcpEngineOptions {
  readonly name: string;
  /** Shell command line of a program that speaks the Agent Client Protocol on its standard input and output. */
  readonly command: string;
  readonly preset: AgentPreset | null;
  /** The mode for work, as the agent names it; `null`: that of the preset, else the one the agent begins with. */
  readonly mode: string | null;
  readonly permissions: PermissionRules;
  /** What becomes of `ask` where nobody attends the run. */
  readonly unattended: PermissionAnswer;
  readonly can: Capabilities;
  /** What this agent may see beside the environment that every command gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a sandbox is in force, beside what the configuration says of this engine. */
  readonly needs?: Omit<Needs, 'engine'>;
  /** Of one prompt, without the time that a person takes to answer. */
  readonly timeoutMs: number;
  /** Without a sign of life, at the start and within a prompt. */
  readonly silenceMs: number;
  /** Of Studio, as it introduces itself to the agent. */
  readonly version: string;
}

/** Where a person corrects what is wrong. */
export const settingOf = ({ name }: Pick<AcpEngineOptions, 'name'>, key: string): string =>
  `engines.agents.${name}.${key} in .studio/config.yaml`;
