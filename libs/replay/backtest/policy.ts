import * as z from 'zod';
import { BacktestPolicy, Config, type ContextPolicy, InvalidInput } from '#contracts';
import { ErrorPattern, RoutingPolicy, teamPatterns } from '#domain';
import type { Policy } from '#events';

/** A policy to judge recorded runs by. What it does not name stays as each run has it. */
export interface Alternative {
  readonly routing: RoutingPolicy | null;
  readonly limits: (recorded: Policy) => Policy;
  /** The team's own patterns, and those that come with Studio; `null`: errors stay what they were taken for. */
  readonly patterns: { readonly own: readonly ErrorPattern[]; readonly builtIn: readonly ErrorPattern[] } | null;
  readonly context: (recorded: ContextPolicy) => ContextPolicy;
  /** Limits of what runs cost; none that it does not name. */
  readonly money: NonNullable<BacktestPolicy['money']>;
  /** What it changes, a row a key. */
  readonly values: readonly { readonly key: string; readonly value: unknown }[];
  /** Keys that no judged decision depends on. */
  readonly notJudged: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sections of a configuration that decide nothing here: a whole `config.yaml` can be given as it is. */
const OTHER_SECTIONS: ReadonlySet<string> = new Set(
  Object.keys(Config.shape).filter((section) => !(section in BacktestPolicy.shape)),
);

const NOT_JUDGED: ReadonlySet<string> = new Set([
  'recovery.checkpoint_every',
  'money.time_zone',
  'money.reserve_usd',
  'money.reserve_tokens',
]);

const leaves = (value: Fields, at: string): readonly { readonly key: string; readonly value: unknown }[] =>
  Object.entries(value).flatMap(([name, inner]) => {
    const key = at === '' ? name : `${at}.${name}`;
    return isRecord(inner) ? leaves(inner, key) : [{ key, value: inner }];
  });

const problemsOf = ({ issues }: z.ZodError, at: string): readonly string[] =>
  issues.map(({ path, message }) => {
    const where = [...(at === '' ? [] : [at]), ...path.map(String)].join('.');
    return where === '' ? message : `${where}: ${message}`;
  });

const parseTable = (
  table: unknown,
): { readonly routing: RoutingPolicy | null; readonly problems: readonly string[] } => {
  if (table === undefined) return { routing: null, problems: [] };
  const parsed = RoutingPolicy.safeParse(table);
  return parsed.success
    ? { routing: parsed.data, problems: [] }
    : { routing: null, problems: problemsOf(parsed.error, 'routing_table') };
};

const parsePatterns = (policy: BacktestPolicy | undefined) => {
  const given = policy?.recovery?.patterns;
  if (!given) return { own: null, problems: [] };
  const own = teamPatterns(given);
  const parsed = z.array(ErrorPattern).safeParse(own);
  return { own, problems: parsed.success ? [] : problemsOf(parsed.error, 'recovery.patterns') };
};

const limitsOf =
  ({ routing, recovery }: BacktestPolicy): Alternative['limits'] =>
  (recorded) => ({
    ...recorded,
    confirmThreshold: routing?.confirm_threshold ?? recorded.confirmThreshold,
    stepTries: recovery?.step_tries ?? recorded.stepTries,
    gateTries: recovery?.gate_tries ?? recorded.gateTries,
    leasesPerAttempt: recovery?.leases_per_attempt ?? recorded.leasesPerAttempt,
    replans: recovery?.replans ?? recorded.replans,
    repeats: recovery?.repeats ?? recorded.repeats,
  });

const contextOf =
  ({ context }: BacktestPolicy): Alternative['context'] =>
  ({ pools, total }) => ({
    pools: {
      reserved: context?.pools?.reserved ?? pools.reserved,
      learnings: context?.pools?.learnings ?? pools.learnings,
      backlog: context?.pools?.backlog ?? pools.backlog,
      plans: context?.pools?.plans ?? pools.plans,
      context7: context?.pools?.context7 ?? pools.context7,
      working: context?.pools?.working ?? pools.working,
    },
    total: context?.total ?? total,
  });

/**
 * A policy as a file or a request has it: sections of the configuration, with a routing table if it has another one.
 * @throws {InvalidInput} with every problem
 */
export const parseAlternative = (document: unknown, builtIn: readonly ErrorPattern[]): Alternative => {
  if (!isRecord(document)) throw new InvalidInput('the policy', ['it is not a document with sections']);
  const sections = Object.entries(document);
  const parsed = BacktestPolicy.safeParse(Object.fromEntries(sections.filter(([name]) => !OTHER_SECTIONS.has(name))));
  const table = parseTable(document.routing_table);
  const patterns = parsePatterns(parsed.data);
  const problems = [...(parsed.success ? [] : problemsOf(parsed.error, '')), ...table.problems, ...patterns.problems];
  if (!parsed.success || problems.length > 0) throw new InvalidInput('the policy', problems);
  const { routing_table: _table, ...numbers } = parsed.data;
  const values = leaves(numbers, '');
  if (values.length === 0 && table.routing === null)
    throw new InvalidInput('the policy', [
      'it changes nothing: give routing, recovery, context, money or routing_table',
    ]);
  return {
    routing: table.routing,
    limits: limitsOf(parsed.data),
    patterns: patterns.own && { own: patterns.own, builtIn },
    context: contextOf(parsed.data),
    money: parsed.data.money ?? {},
    values: values.filter(({ key }) => !NOT_JUDGED.has(key)),
    notJudged: [
      ...sections.flatMap(([name]) => (OTHER_SECTIONS.has(name) ? [name] : [])),
      ...values.flatMap(({ key }) => (NOT_JUDGED.has(key) ? [key] : [])),
    ],
  };
};
