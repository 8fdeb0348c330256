import { readdirSync, readFileSync } from 'node:fs';
import { AgentPresetName } from '#contracts';
import { KNOWN_AGENTS } from '#engines';
import { code, type Generator, page, table } from './generator.ts';

const ROOT = new URL('../../', import.meta.url);
const SUITES = new URL('test/contract/', ROOT);
const RECORDED = new URL('services/agents/engines/headless/adapters/recorded/', ROOT);

const COLUMNS = [
  'plan',
  'questions',
  'decompose',
  'work',
  'fix',
  'progress',
  'usage',
  'cost',
  'sessions',
  'permissions',
  'cancel',
  'budget stop',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

interface Listed {
  readonly name: string;
  /** As it is called in `test/contract`: what a row says of thinking, working and cancelling holds there. */
  readonly suite: string | null;
  readonly row: Row;
}

const THINKS = {
  plan: 'yes',
  questions: 'yes',
  decompose: 'yes',
  work: 'yes',
  fix: 'yes',
  progress: 'yes',
  cancel: 'yes',
};
const FREE = { usage: 'none', cost: 'none', sessions: 'no', permissions: 'no', 'budget stop': 'no' };

const ENGINES: readonly Listed[] = [
  { name: 'recipes', suite: 'recipes', row: { ...THINKS, ...FREE, work: 'operations', fix: 'no' } },
  {
    name: 'command',
    suite: 'command, in Python',
    row: { ...THINKS, ...FREE, usage: 'as it says', cost: 'as it says' },
  },
  {
    name: 'acp',
    suite: 'acp',
    row: {
      ...THINKS,
      ...FREE,
      usage: 'by preset',
      cost: 'as it says, or priced',
      sessions: 'yes',
      permissions: 'yes',
      'budget stop': 'yes',
    },
  },
  { name: 'model', suite: 'model', row: { ...THINKS, ...FREE, usage: 'yes', cost: 'priced', 'budget stop': 'yes' } },
  { name: 'human', suite: null, row: { ...THINKS, ...FREE } },
];

const remarksOf = (name: AgentPresetName) =>
  readFileSync(new URL(`${name}-work.jsonl`, RECORDED), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => KNOWN_AGENTS[name].adapter.read(JSON.parse(line)));

/** What a recorded run of the agent says is what its row says. */
const presetRow = (name: AgentPresetName): Listed => {
  const remarks = remarksOf(name);
  const used = remarks.flatMap((remark) => (remark.type === 'used' ? [remark.usage] : []));
  const row: Row = {
    ...THINKS,
    ...FREE,
    progress: remarks.some(({ type }) => type === 'did') ? 'yes' : 'no',
    usage: used.length > 0 ? 'yes' : 'no',
    cost: used.some(({ cost_usd: cost }) => cost !== null) ? 'as it says' : 'priced',
    'budget stop': KNOWN_AGENTS[name].adapter.stopsAtBudget ? 'yes' : 'no',
  };
  return { name: `preset ${name}`, suite: 'preset', row };
};

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.map(code).join(', '));
const ofHome = (paths: readonly string[]): string => listed(paths.map((path) => `~/${path}`));

/** What an agent is given, however it is asked: from the one place where that stands. */
const agentRow = (name: AgentPresetName): readonly string[] => {
  const { environment, sandbox } = KNOWN_AGENTS[name];
  const { folder, login, copied, settings, conversations, hosts } = sandbox;
  return [
    code(name),
    ...[listed(environment), code(`~/${folder}`), ofHome(login), ofHome(copied), ofHome(settings)],
    ...[ofHome(conversations), listed(hosts)],
  ];
};

/** @throws {Error} a row that no suite holds to what it says */
const assertSuites = (rows: readonly Listed[]): void => {
  const sources = readdirSync(SUITES)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, SUITES), 'utf8'))
    .join('\n');
  for (const { name, suite } of rows)
    if (
      suite !== null &&
      !sources.includes(`describeEngine('${suite}'`) &&
      !sources.includes(`describeEngine(\`${suite} `)
    )
      throw new Error(`scripts/docs/engines.ts: no suite ${suite} in test/contract holds for ${name}`);
};

export const engines: Generator = {
  page: 'engines.md',
  about: 'what each engine and each known coding agent can do',
  generate: async () => {
    const rows = [...ENGINES, ...AgentPresetName.options.map(presetRow)];
    assertSuites(rows);
    return page(
      'Engines',
      `A preset is a coding agent on the PATH, asked by its own command line (${code('engines.allow')}, ${code('engines.commands.<name>.preset')}); the same agents over the Agent Client Protocol are ${code('acp')}.`,
      table(
        ['engine', ...COLUMNS],
        rows.map(({ name, row }) => [code(name), ...COLUMNS.map((column) => row[column])]),
      ),
      'Plan to cancel are held by one suite for all engines but `human`, `test/contract/engine.contract.ts`; presets share all but the reading of their lines, and two of them run it. Progress, usage and cost of a preset are read from a recorded run of the agent; `priced` is from the tokens, by the prices of section `prices`. `budget stop`: the engine itself ends where the budget of a call does; else the budget is checked between calls.',
      '## Agents',
      `What a known agent is given, over its protocol and without. ${code('variables')} are those that it sees where they are set. The rest is for the sandbox: a folder of its own, in which the login is kept the same as yours, what is copied is copied once, settings are read-only, and conversations stay with the repository; and the hosts that it may reach beside those of all.`,
      table(
        ['agent', 'variables', 'folder', 'login', 'copied', 'settings', 'conversations', 'hosts'],
        AgentPresetName.options.map(agentRow),
      ),
    );
  },
};
