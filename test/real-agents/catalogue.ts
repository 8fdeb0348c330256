import { mkdir, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';

/** What an agent needs to know so that it works with the scripted model server and asks nobody else. */
export interface AgentPlace {
  /** Base URL of its scenario, without `/v1`. */
  readonly url: string;
  /** The home folder of the person, where its settings are. */
  readonly home: string;
}

export interface RealAgent {
  /** Its engine in the configuration, and its scenario. */
  readonly name: string;
  /** Exact version: another one may behave in another way. */
  readonly specifier: string;
  readonly preset: string;
  /** Where it is installed: the command that speaks the Agent Client Protocol, or the program that goes to the PATH. */
  readonly speaks: (folder: string) => { readonly protocol: string } | { readonly program: string };
  readonly environment: (place: AgentPlace) => Promise<Readonly<Record<string, string>>>;
  /** It tells what the last call of a turn used, not all of them. */
  readonly tellsLastCall?: boolean;
}

const KEY = 'sk-local';
const MODEL = 'scripted';

const node = (folder: string, ...path: readonly string[]): string =>
  `'${process.execPath}' '${join(folder, 'node_modules', ...path)}'`;

const settings = async (file: string, content: object | string): Promise<void> => {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
};

const claude = async ({ url }: AgentPlace) => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: KEY,
  ANTHROPIC_MODEL: 'claude-sonnet-4-5',
});

const codex = async ({ url, home }: AgentPlace) => {
  const config = `model = "${MODEL}"
model_provider = "local"
check_for_update_on_startup = false
[analytics]
enabled = false
[features]
apps = false
plugins = false
[model_providers.local]
name = "local"
base_url = "${url}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;
  await settings(join(home, '.codex', 'config.toml'), config);
  return { OPENAI_API_KEY: KEY, MODEL_PROVIDER: 'local' };
};

const qwen = async ({ url, home }: AgentPlace) => {
  await settings(join(home, '.qwen', 'settings.json'), {
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    security: { auth: { selectedType: 'openai' } },
    general: { disableAutoUpdate: true },
  });
  return { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY, OPENAI_MODEL: MODEL };
};

const gemini = async ({ url, home }: AgentPlace) => {
  await settings(join(home, '.gemini', 'settings.json'), {
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    security: { auth: { selectedType: 'gemini-api-key' } },
    general: { disableAutoUpdate: true, enableAutoUpdate: false },
  });
  return { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: KEY, GEMINI_MODEL: 'gemini-2.5-flash' };
};

const opencode = async ({ url, home }: AgentPlace) => {
  await settings(join(home, '.config', 'opencode', 'opencode.json'), {
    autoupdate: false,
    share: 'disabled',
    model: `local/${MODEL}`,
    small_model: `local/${MODEL}`,
    provider: {
      local: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Local',
        options: { baseURL: `${url}/v1`, apiKey: KEY },
        models: {
          [MODEL]: {
            name: MODEL,
            limit: { context: 128_000, output: 8_000 },
            cost: { input: 1, output: 2, cache_read: 0.1 },
          },
        },
      },
    },
  });
  return {};
};

const HOST = `${platform()}-${arch()}`;

const CLAUDE_ACP = ['@agentclientprotocol', 'claude-agent-acp', 'dist', 'index.js'] as const;
const CODEX_ACP = ['@agentclientprotocol', 'codex-acp', 'dist', 'index.js'] as const;
const OPENCODE = ['node_modules', `opencode-${HOST}`, 'bin', 'opencode'] as const;

const installed =
  (...path: readonly string[]) =>
  (folder: string) => ({ program: join(folder, 'node_modules', ...path) });

/** As measured: docs/agents.md. */
export const REAL_AGENTS: readonly RealAgent[] = [
  {
    name: 'claude-acp',
    specifier: '@agentclientprotocol/claude-agent-acp@0.100.0',
    preset: 'claude',
    speaks: (folder) => ({ protocol: node(folder, ...CLAUDE_ACP) }),
    environment: claude,
  },
  {
    name: 'codex-acp',
    specifier: '@agentclientprotocol/codex-acp@2.6.0',
    preset: 'codex',
    speaks: (folder) => ({ protocol: node(folder, ...CODEX_ACP) }),
    environment: codex,
  },
  {
    name: 'gemini-acp',
    specifier: '@google/gemini-cli@0.61.0',
    preset: 'gemini',
    speaks: (folder) => ({
      protocol: `${node(folder, '@google', 'gemini-cli', 'bundle', 'gemini.js')} --acp --skip-trust`,
    }),
    environment: gemini,
  },
  {
    name: 'qwen-acp',
    specifier: '@qwen-code/qwen-code@0.24.4',
    preset: 'qwen',
    speaks: (folder) => ({ protocol: `${node(folder, '@qwen-code', 'qwen-code', 'cli.js')} --acp --auth-type openai` }),
    environment: qwen,
  },
  {
    name: 'opencode-acp',
    specifier: 'opencode-ai@1.18.33',
    preset: 'opencode',
    speaks: (folder) => ({ protocol: `'${join(folder, ...OPENCODE)}' acp` }),
    environment: opencode,
    tellsLastCall: true,
  },
  {
    name: 'claude',
    specifier: '@anthropic-ai/claude-code@2.1.330',
    preset: 'claude',
    speaks: installed('@anthropic-ai', `claude-code-${HOST}`, 'claude'),
    environment: claude,
  },
  {
    name: 'codex',
    specifier: '@openai/codex@0.169.0',
    preset: 'codex',
    speaks: installed('.bin', 'codex'),
    environment: codex,
  },
  {
    name: 'gemini',
    specifier: '@google/gemini-cli@0.61.0',
    preset: 'gemini',
    speaks: installed('.bin', 'gemini'),
    environment: gemini,
  },
  {
    name: 'qwen',
    specifier: '@qwen-code/qwen-code@0.24.4',
    preset: 'qwen',
    speaks: installed('.bin', 'qwen'),
    environment: qwen,
  },
  {
    name: 'opencode',
    specifier: 'opencode-ai@1.18.33',
    preset: 'opencode',
    speaks: installed(`opencode-${HOST}`, 'bin', 'opencode'),
    environment: opencode,
  },
];
