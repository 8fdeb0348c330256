import type { AgentPresetName } from '#contracts';

/** Where an agent says how many tokens it used. */
type UsageReading =
  /** In the answer to a prompt, for all of the turn; with `last_call`, of its last call only. */
  | 'answer'
  /** In the answer to a prompt, among the remarks of the agent. */
  | 'quota'
  /** With what it says, call by call. */
  | 'chunks';

/** How an agent is spoken to over its protocol. What else is known of it is in `known-agents.ts`. */
export interface AgentPreset {
  /** As its package installs it. */
  readonly command: string;
  /** The package to install where the command is not found. */
  readonly install: string;
  /** Keeps it from asking other hosts than the one of its model, from updating itself and from endless retries. */
  readonly quiet: Readonly<Record<string, string>>;
  /** In which it asks before it acts, so that the permissions of the configuration decide. */
  readonly modes: { readonly work: string; readonly read: string };
  /** Instead of both where a sandbox is around it, so that one of its own can neither be made nor is needed. */
  readonly confinedMode?: string;
  readonly usage: { readonly in: UsageReading; readonly cached: 'part' | 'beside' };
  readonly provider: string | null;
}

/** Versions and behaviour as measured: docs/agents.md. */
export const AGENT_PRESETS: Readonly<Record<AgentPresetName, AgentPreset>> = {
  claude: {
    command: 'claude-agent-acp',
    install: '@agentclientprotocol/claude-agent-acp',
    quiet: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', CLAUDE_CODE_MAX_RETRIES: '2' },
    modes: { work: 'default', read: 'default' },
    usage: { in: 'answer', cached: 'beside' },
    provider: 'anthropic',
  },
  codex: {
    command: 'codex-acp',
    install: '@agentclientprotocol/codex-acp',
    quiet: { NO_BROWSER: '1' },
    modes: { work: 'agent', read: 'read-only' },
    confinedMode: 'agent-full-access',
    usage: { in: 'answer', cached: 'beside' },
    provider: 'openai',
  },
  gemini: {
    command: 'gemini --acp --skip-trust',
    install: '@google/gemini-cli',
    quiet: {},
    modes: { work: 'default', read: 'default' },
    usage: { in: 'quota', cached: 'part' },
    provider: 'google',
  },
  qwen: {
    command: 'qwen --acp',
    install: '@qwen-code/qwen-code',
    quiet: {},
    modes: { work: 'default', read: 'default' },
    usage: { in: 'chunks', cached: 'part' },
    provider: null,
  },
  opencode: {
    command: 'opencode acp',
    install: 'opencode-ai',
    quiet: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      // Its permissions come from its configuration: without this it asks nobody.
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        autoupdate: false,
        share: 'disabled',
        permission: { edit: 'ask', bash: 'ask' },
      }),
    },
    modes: { work: 'build', read: 'plan' },
    usage: { in: 'answer', cached: 'beside' },
    provider: null,
  },
};
