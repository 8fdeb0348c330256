import type { AgentPresetName } from '#contracts';

/** Where an agent says how many tokens it used. */
type UsageReading =
  /** In the answer to a prompt, for all of the turn; with `last_call`, of its last call only. */
  | 'answer'
  /** In the answer to a prompt, among the remarks of the agent. */
  | 'quota'
  /** With what it says, call by call. */
  | 'chunks';

/** What is known about an agent, so that nobody has to configure it. */
export interface AgentPreset {
  /** As its package installs it. */
  readonly command: string;
  /** The package to install where the command is not found. */
  readonly install: string;
  /** Keeps it from asking other hosts than the one of its model, from updating itself and from endless retries. */
  readonly quiet: Readonly<Record<string, string>>;
  /** Variables that it may see where they are set: its account, and where its model is. */
  readonly env: readonly string[];
  /** In which it asks before it acts, so that the permissions of the configuration decide. */
  readonly modes: { readonly work: string; readonly read: string };
  readonly usage: { readonly in: UsageReading; readonly cached: 'part' | 'beside' };
  readonly provider: string | null;
}

/** Versions and behaviour as measured: docs/agents.md. */
export const AGENT_PRESETS: Readonly<Record<AgentPresetName, AgentPreset>> = {
  claude: {
    command: 'claude-agent-acp',
    install: '@agentclientprotocol/claude-agent-acp',
    quiet: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', CLAUDE_CODE_MAX_RETRIES: '2' },
    env: [
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_MODEL',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'CLAUDE_CONFIG_DIR',
    ],
    modes: { work: 'default', read: 'default' },
    usage: { in: 'answer', cached: 'beside' },
    provider: 'anthropic',
  },
  codex: {
    command: 'codex-acp',
    install: '@agentclientprotocol/codex-acp',
    quiet: { NO_BROWSER: '1' },
    env: ['OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_HOME', 'CODEX_CONFIG', 'MODEL_PROVIDER'],
    modes: { work: 'agent', read: 'read-only' },
    usage: { in: 'answer', cached: 'beside' },
    provider: 'openai',
  },
  gemini: {
    command: 'gemini --acp --skip-trust',
    install: '@google/gemini-cli',
    quiet: {},
    env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_CLOUD_PROJECT'],
    modes: { work: 'default', read: 'default' },
    usage: { in: 'quota', cached: 'part' },
    provider: 'google',
  },
  qwen: {
    command: 'qwen --acp',
    install: '@qwen-code/qwen-code',
    quiet: {},
    env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'QWEN_CODE_SYSTEM_SETTINGS_PATH'],
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
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT'],
    modes: { work: 'build', read: 'plan' },
    usage: { in: 'answer', cached: 'beside' },
    provider: null,
  },
};
