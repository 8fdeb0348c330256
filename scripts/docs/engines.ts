import { readFileSync } from 'node:fs';
import { AgentPresetName } from '#contracts';
import { KNOWN_AGENTS } from '#engines';
import { CLAIMS, type EngineClaims } from '../../test/contract/claims.ts';
import { code, type Generator, page, table } from './generator.ts';

const ROOT = new URL('../../', import.meta.url);
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
  readonly row: Row;
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

/** What all can but for what is their own below. */
const ALL = { plan: 'yes', decompose: 'yes', work: 'yes', fix: 'yes', progress: 'yes', cancel: 'yes' };

/** What is an engine's own way. What it can beside is what the suite shows of its subjects. */
const OWN: Readonly<Record<Exclude<EngineClaims['engine'], 'preset'>, Partial<Row>>> = {
  recipes: { work: 'operations', fix: 'no' },
  command: {},
  acp: { permissions: 'yes', 'budget stop': 'yes' },
  model: { 'budget stop': 'yes' },
  human: {},
};

const costOf = (subjects: readonly EngineClaims[]): string => {
  if (subjects.every(({ calls }) => calls === 0)) return 'none';
  return subjects.some(({ cost }) => cost) ? 'as it says' : 'priced';
};

const engineRow = (name: keyof typeof OWN): Listed => {
  const subjects = Object.values<EngineClaims>(CLAIMS).filter(({ engine }) => engine === name);
  const row: Row = {
    ...ALL,
    questions: yesNo(subjects.some(({ questions }) => questions)),
    usage: yesNo(subjects.some(({ calls }) => calls > 0)),
    cost: costOf(subjects),
    sessions: yesNo(subjects.some(({ sessions }) => sessions)),
    permissions: 'no',
    'budget stop': 'no',
    ...OWN[name],
  };
  return { name, row };
};

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
    ...ALL,
    questions: yesNo(CLAIMS['preset claude'].questions),
    progress: yesNo(remarks.some(({ type }) => type === 'did')),
    usage: yesNo(used.length > 0),
    cost: used.some(({ cost_usd: cost }) => cost !== null) ? 'as it says' : 'priced',
    sessions: yesNo(CLAIMS['preset claude'].sessions),
    permissions: 'no',
    'budget stop': yesNo(KNOWN_AGENTS[name].adapter.stopsAtBudget),
  };
  return { name: `preset ${name}`, row };
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

export const engines: Generator = {
  page: 'engines.md',
  about: 'what each engine and each known coding agent can do',
  generate: async () => {
    const own = ['recipes', 'command', 'acp', 'model', 'human'] as const;
    const rows = [...own.map(engineRow), ...AgentPresetName.options.map(presetRow)];
    return page(
      'Engines',
      `A preset is a coding agent on the PATH, asked by its own command line (${code('engines.allow')}, ${code('engines.commands.<name>.preset')}); the same agents over the Agent Client Protocol are ${code('acp')}.`,
      table(
        ['engine', ...COLUMNS],
        rows.map(({ name, row }) => [code(name), ...COLUMNS.map((column) => row[column])]),
      ),
      'One suite holds all engines to this, `test/contract/engine.contract.ts`: plan, questions, work, cancel, usage (every amount once, in the same units), cost and sessions, each shown where it says yes and shown not to be where it says no. Declared, and not taken from the suite, are `decompose`, `fix`, `progress`, `permissions` and `budget stop` of the first five, which have tests beside their engines. Presets share all but the reading of their lines; two of them (`claude`, `opencode`) run the suite and speak for the others, and progress, usage, cost and `budget stop` of each are read from its adapter and from a recorded run of the agent. Where an agent says no cost it is priced from its tokens, by section `prices`. Without `budget stop`, the budget is checked between calls.',
      '## Agents',
      `What a known agent is given, over its protocol and without. ${code('variables')} are those that it sees where they are set. The rest is for the sandbox: a folder of its own, in which the login is kept the same as yours, what is copied is copied once, settings are read-only, and conversations stay with the repository; and the hosts that it may reach beside those of all.`,
      table(
        ['agent', 'variables', 'folder', 'login', 'copied', 'settings', 'conversations', 'hosts'],
        AgentPresetName.options.map(agentRow),
      ),
    );
  },
};
