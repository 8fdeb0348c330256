import { AgentPresetName } from '#contracts';
import type { AgentProgram } from '#sandbox';
import type { Adapter } from './headless/adapter.ts';
import { claude } from './headless/adapters/claude.ts';
import { codex } from './headless/adapters/codex.ts';
import { gemini } from './headless/adapters/gemini.ts';
import { opencode } from './headless/adapters/opencode.ts';
import { qwen } from './headless/adapters/qwen.ts';

/** A coding agent that a person may have, and be logged in to. How it is spoken to over its protocol is in `acp`. */
export interface KnownAgent {
  readonly title: string;
  /** As it is found on the PATH. */
  readonly program: string;
  /** Of npm; how to install it, and where its version stands. */
  readonly package: string;
  readonly adapter: Adapter;
  /** Variables that it sees where they are set: its account, and where its model is. */
  readonly environment: readonly string[];
  /** Those of them that pay for it. */
  readonly keys: readonly string[];
  /** What it needs where a sandbox is in force. Its login there tells, without network, that somebody is logged in. */
  readonly sandbox: Omit<AgentProgram, 'name'>;
}

const within = (folder: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${folder}/${name}`);

/** Versions and behaviour as measured: docs/agents.md. In the order in which they are offered. */
export const KNOWN_AGENTS: Readonly<Record<AgentPresetName, KnownAgent>> = {
  claude: {
    title: 'Claude Code',
    program: 'claude',
    package: '@anthropic-ai/claude-code',
    adapter: claude,
    environment: [
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_MODEL',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'CLAUDE_CONFIG_DIR',
    ],
    keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
    sandbox: {
      program: /claude(-agent-acp|-code-acp)?/,
      hosts: ['api.anthropic.com', 'claude.ai', 'console.anthropic.com', 'platform.claude.com'],
      folder: '.claude',
      variable: 'CLAUDE_CONFIG_DIR',
      login: ['.claude/.credentials.json'],
      copied: ['.claude.json'],
      settings: within('.claude', [
        ...['settings.json', 'settings.local.json', 'CLAUDE.md', 'rules', 'commands', 'agents', 'skills'],
        ...['plugins', 'hooks', 'output-styles'],
      ]),
      conversations: ['.claude/projects'],
    },
  },
  codex: {
    title: 'Codex CLI',
    program: 'codex',
    package: '@openai/codex',
    adapter: codex,
    environment: ['CODEX_API_KEY', 'CODEX_CONFIG', 'CODEX_HOME', 'MODEL_PROVIDER', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
    keys: ['CODEX_API_KEY'],
    sandbox: {
      program: /codex(-acp)?/,
      hosts: ['api.openai.com', 'auth.openai.com', 'chatgpt.com'],
      folder: '.codex',
      variable: 'CODEX_HOME',
      login: ['.codex/auth.json'],
      copied: [],
      settings: within('.codex', ['config.toml', 'AGENTS.md', 'hooks.json', 'rules', 'prompts', 'skills']),
      conversations: ['.codex/sessions'],
    },
  },
  gemini: {
    title: 'Gemini CLI',
    program: 'gemini',
    package: '@google/gemini-cli',
    adapter: gemini,
    environment: [
      'GEMINI_API_KEY',
      'GEMINI_MODEL',
      'GOOGLE_API_KEY',
      'GOOGLE_GEMINI_BASE_URL',
      'GOOGLE_CLOUD_PROJECT',
      'GOOGLE_CLOUD_LOCATION',
      'GOOGLE_GENAI_USE_VERTEXAI',
    ],
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    sandbox: {
      program: /gemini/,
      hosts: [
        ...['generativelanguage.googleapis.com', 'cloudcode-pa.googleapis.com', 'oauth2.googleapis.com'],
        ...['accounts.google.com', 'www.googleapis.com'],
      ],
      folder: '.gemini',
      variable: null,
      login: within('.gemini', ['oauth_creds.json', 'gemini-credentials.json']),
      copied: within('.gemini', ['google_accounts.json', 'installation_id']),
      settings: within('.gemini', [
        'settings.json',
        '.env',
        'GEMINI.md',
        'commands',
        'extensions',
        'skills',
        'policies',
      ]),
      conversations: ['.gemini/tmp'],
    },
  },
  qwen: {
    title: 'Qwen Code',
    program: 'qwen',
    package: '@qwen-code/qwen-code',
    adapter: qwen,
    environment: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'QWEN_CODE_SYSTEM_SETTINGS_PATH'],
    keys: ['OPENAI_API_KEY'],
    sandbox: {
      program: /qwen/,
      hosts: [
        'chat.qwen.ai',
        'portal.qwen.ai',
        'dashscope.aliyuncs.com',
        'dashscope-intl.aliyuncs.com',
        'api.openai.com',
      ],
      folder: '.qwen',
      variable: null,
      login: ['.qwen/oauth_creds.json'],
      copied: ['.qwen/installation_id'],
      settings: within('.qwen', ['settings.json', '.env', 'QWEN.md', 'commands', 'agents', 'skills', 'extensions']),
      conversations: within('.qwen', ['projects', 'tmp']),
    },
  },
  opencode: {
    title: 'opencode',
    program: 'opencode',
    package: 'opencode-ai',
    adapter: opencode,
    environment: [
      'ANTHROPIC_API_KEY',
      'OPENAI_API_KEY',
      'OPENROUTER_API_KEY',
      'OPENCODE_API_KEY',
      'OPENCODE_CONFIG',
      'OPENCODE_CONFIG_CONTENT',
    ],
    keys: ['OPENCODE_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY'],
    sandbox: {
      program: /opencode/,
      hosts: ['opencode.ai', 'models.dev', 'api.anthropic.com', 'api.openai.com', 'openrouter.ai'],
      folder: '.local/share/opencode',
      variable: null,
      login: ['.local/share/opencode/auth.json'],
      copied: [],
      settings: within('.config/opencode', [
        ...['opencode.json', 'opencode.jsonc', 'config.json', 'AGENTS.md', 'agent', 'agents', 'command', 'commands'],
        ...['mode', 'modes', 'plugin', 'plugins', 'skill', 'skills', 'tool', 'tools'],
      ]),
      // They are in one database with all else.
      conversations: [],
    },
  },
};

export const AGENT_NAMES: readonly AgentPresetName[] = AgentPresetName.options;

/** For the sandbox: it knows them by their programs. */
export const AGENT_PROGRAMS: readonly AgentProgram[] = AGENT_NAMES.map((name) => ({
  name,
  ...KNOWN_AGENTS[name].sandbox,
}));

/** What an agent may see of the environment: its account, and where its model is. */
export const agentEnvironment = (
  name: AgentPresetName,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> => chosenFrom(env, KNOWN_AGENTS[name].environment);

/** Variables of these names that are set. */
export const chosenFrom = (
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> => {
  const chosen: Record<string, string> = {};
  for (const name of names) {
    const value = env[name];
    if (value !== undefined) chosen[name] = value;
  }
  return chosen;
};

/** Hosts of models that somebody moved. */
export const hostsIn = (environment: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    name.endsWith('_BASE_URL') && URL.canParse(value) ? [new URL(value).host] : [],
  );
