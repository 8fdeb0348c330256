import type { Complexity, Workflow } from '#contracts';
import type { EventOf, Signal } from '#events';
import { clausesOf } from './clauses.ts';
import { type Lexicon, lexiconOf } from './lexicon.ts';
import { matchPhrase } from './phrases.ts';
import type { RoutingPolicy } from './policy.ts';
import { type Finding, readClauses } from './reading.ts';
import { skillsOf } from './skills.ts';
import { tasksIn } from './task-list.ts';
import { type Token, tokenize } from './tokens.ts';

export interface RouteInput {
  readonly goal: string;
  readonly tasks: readonly string[];
  /** A plan that was made for this very goal exists. */
  readonly hasPlan: boolean;
  /** The workflow that somebody asked for, or `null`. */
  readonly requested: Workflow | null;
}

/** What `route.decided` records; at least one signal says what led here. */
export type Route = Omit<EventOf<'route.decided'>['data'], 'policyHash'>;

interface Verdict {
  readonly workflow: Workflow;
  readonly confidence: number;
  readonly signals: readonly Signal[];
}

// To plan too much costs minutes, to plan too little costs the run: of workflows that disagree the larger wins.
const SIZE: Readonly<Record<Workflow, number>> = {
  build_only: 0,
  plan_then_build: 1,
  multi_task: 2,
  decompose_first: 3,
};
/** Enough to see why; a long text repeats itself. */
const MOST_SIGNALS = 12;

const distinct = (signals: readonly Signal[]): readonly Signal[] => {
  const seen = new Map(signals.map((signal) => [`${signal.role} ${signal.word} ${signal.pointsTo}`, signal]));
  return [...seen.values()].slice(0, MOST_SIGNALS);
};

const weigh = (findings: readonly Finding[], policy: RoutingPolicy): Verdict => {
  const [first] = findings.toSorted((a, b) => SIZE[b.signal.pointsTo] - SIZE[a.signal.pointsTo]);
  if (!first) {
    const { workflow, confidence } = policy.default;
    return { workflow, confidence, signals: [{ word: 'no signal', role: 'default', pointsTo: workflow }] };
  }
  const others = new Set(findings.map(({ signal }) => signal.pointsTo)).size - 1;
  const lowered = Math.max(
    first.confidence - others * policy.disagreement,
    Math.min(first.confidence, policy.lowest_confidence),
  );
  return {
    workflow: first.signal.pointsTo,
    confidence: Math.round(lowered * 100) / 100,
    signals: distinct(findings.map(({ signal }) => signal)),
  };
};

const given = (word: string, workflow: Workflow, confidence: number): Verdict => ({
  workflow,
  confidence,
  signals: [{ word, role: 'given', pointsTo: workflow }],
});

const readGoal = (goal: string, tokens: readonly Token[], lexicon: Lexicon) => {
  const { policy } = lexicon;
  const command = matchPhrase(lexicon.listCommands, tokens, 0);
  if (command) return { verdict: given(command.phrase, 'multi_task', policy.lists.confidence), findings: [] };
  const tasks = tasksIn(goal, lexicon);
  if (tasks.length > 1)
    return { verdict: given(`list of ${tasks.length}`, 'multi_task', policy.lists.confidence), findings: [] };
  const findings = readClauses(clausesOf(tokens, lexicon), lexicon);
  return { verdict: weigh(findings, policy), findings };
};

/** Simple is one defect, or work that is planned already; huge is whatever the text shows to be large. */
const complexityOf = (workflow: Workflow, findings: readonly Finding[], hasPlan: boolean): Complexity => {
  if (hasPlan) return 'simple';
  if (workflow === 'decompose_first' || findings.some(({ signal }) => signal.pointsTo === 'decompose_first'))
    return 'huge';
  const repairs = findings.filter(({ signal }) => signal.role === 'verb' && signal.pointsTo === 'build_only').length;
  return workflow === 'build_only' && repairs <= 1 ? 'simple' : 'complex';
};

/** Which agents a goal needs, and why. Same input and policy, same answer; never throws, whatever the text. */
export const route = (input: RouteInput, policy: RoutingPolicy): Route => {
  const { goal, tasks, hasPlan, requested } = input;
  const lexicon = lexiconOf(policy);
  const tokens = tokenize(goal);
  const read = readGoal(goal, tokens, lexicon);

  const decide = (): Verdict => {
    if (requested !== null) return given(requested, requested, policy.requested.confidence);
    if (hasPlan) return given('plan', policy.existing_plan.workflow, policy.existing_plan.confidence);
    if (tasks.length >= (policy.lists.fewest_given ?? 2))
      return given(tasks.length === 1 ? '1 task' : `${tasks.length} tasks`, 'multi_task', policy.lists.confidence);
    return read.verdict;
  };
  const verdict = decide();
  return {
    workflow: verdict.workflow,
    confidence: verdict.confidence,
    signals: [...verdict.signals],
    complexity: complexityOf(verdict.workflow, read.findings, hasPlan),
    agents: [...policy.agents[verdict.workflow]],
    skills: [...skillsOf(tokens, lexicon)],
  };
};
