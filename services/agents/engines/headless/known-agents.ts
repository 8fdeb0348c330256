import { AgentPresetName } from '#contracts';
import type { Adapter } from './adapter.ts';
import { claude } from './adapters/claude.ts';
import { codex } from './adapters/codex.ts';
import { gemini } from './adapters/gemini.ts';
import { opencode } from './adapters/opencode.ts';
import { qwen } from './adapters/qwen.ts';

/** A coding agent that a person may have on the PATH, and be logged in to. */
export interface KnownAgent {
  readonly title: string;
  /** As it is found on the PATH. */
  readonly program: string;
  /** Of npm; how to install it, and where its version stands. */
  readonly package: string;
  readonly adapter: Adapter;
  /** Variables that it sees where they are set: its account, and where its model is. */
  readonly environment: readonly string[];
  /** How it can be known without network that somebody is logged in. Paths are relative to the home folder. */
  readonly login: { readonly variables: readonly string[]; readonly files: readonly string[] };
  /** What it needs beside the worktree where a sandbox is in force. Paths begin with `~/`. */
  readonly needs: { readonly hosts: readonly string[]; readonly write: readonly string[] };
}

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
    login: {
      variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
      files: ['.claude/.credentials.json'],
    },
    needs: {
      hosts: ['api.anthropic.com', 'console.anthropic.com', 'platform.claude.com'],
      write: ['~/.claude', '~/.claude.json'],
    },
  },
  codex: {
    title: 'Codex CLI',
    program: 'codex',
    package: '@openai/codex',
    adapter: codex,
    environment: ['CODEX_API_KEY', 'CODEX_HOME', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
    login: { variables: ['CODEX_API_KEY'], files: ['.codex/auth.json'] },
    needs: { hosts: ['api.openai.com', 'chatgpt.com', 'auth.openai.com'], write: ['~/.codex'] },
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
    login: { variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], files: ['.gemini/oauth_creds.json'] },
    needs: {
      hosts: ['generativelanguage.googleapis.com', 'cloudcode-pa.googleapis.com', 'oauth2.googleapis.com'],
      write: ['~/.gemini'],
    },
  },
  qwen: {
    title: 'Qwen Code',
    program: 'qwen',
    package: '@qwen-code/qwen-code',
    adapter: qwen,
    environment: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'QWEN_CODE_SYSTEM_SETTINGS_PATH'],
    login: { variables: ['OPENAI_API_KEY'], files: ['.qwen/oauth_creds.json'] },
    needs: { hosts: ['*.aliyuncs.com', 'chat.qwen.ai', 'portal.qwen.ai', 'api.openai.com'], write: ['~/.qwen'] },
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
    login: {
      variables: ['OPENCODE_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY'],
      files: ['.local/share/opencode/auth.json'],
    },
    needs: {
      hosts: ['opencode.ai', 'api.anthropic.com', 'api.openai.com', 'openrouter.ai', 'registry.npmjs.org'],
      write: ['~/.local/share/opencode', '~/.local/state/opencode', '~/.cache/opencode', '~/.config/opencode'],
    },
  },
};

export const AGENT_NAMES: readonly AgentPresetName[] = AgentPresetName.options;
