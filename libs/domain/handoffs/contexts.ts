import { domainOfFile } from '#context';
import { BuildHandoff, type HandoffContext, ReplanHandoff, type Role } from '#contracts';
import { buildHandoff } from '../plan/handoff.ts';
import type { Failure, Run } from '../run.ts';

/** Who tells whom. */
export interface Direction {
  readonly from: Role;
  readonly to: Role;
}

const learningsLoaded = ({ context }: Run): readonly string[] => {
  const pieces = context.given.filter(({ role }) => role === 'planner').flatMap((given) => given.pieces);
  const domains = pieces.flatMap(({ pool, source }) =>
    pool === 'learnings' ? (domainOfFile(source.replace(/^learnings\//, '')) ?? []) : [],
  );
  return [...new Set(domains)];
};

const placeOf = (run: Run, { step, gate }: Failure): string => {
  if (step === null) return gate === null ? 'what the build must fulfil' : `gate ${gate}`;
  const name = run.steps.find(({ id }) => id === step)?.name;
  return name ? `${step} (${name})` : step;
};

/** What the failure itself knows to say comes first. */
const suggestionFor = (run: Run, failure: Failure): string => {
  const said = failure.recovery?.hint ?? failure.unblock;
  if (said) return said;
  const place = placeOf(run, failure);
  return failure.category === 'design_flaw'
    ? `plan another approach: ${place} cannot work as it was planned`
    : `plan another way to do ${place}: the one that was planned failed each time`;
};

const replanContext = (run: Run, failure: Failure): HandoffContext => ({
  failure_reason: [`${placeOf(run, failure)} failed`, ...(failure.recovery ? [failure.recovery.reason] : [])].join(
    ': ',
  ),
  completed_steps: run.steps.filter(({ status }) => status === 'completed').map(({ id }) => id),
  failed_step: failure.step ?? failure.gate ?? 'acceptance',
  error_details: failure.error,
  suggestion: suggestionFor(run, failure),
});

/** What the log knows to say in this direction, complete or not. */
export const knownContext = (run: Run, { from, to }: Direction): HandoffContext => {
  if (from === 'planner' && to === 'builder' && run.plan) return buildHandoff(run.plan.plan, learningsLoaded(run));
  return from === 'builder' && to === 'planner' && run.replan ? replanContext(run, run.replan) : {};
};

/** The fields that a context lacks before it may be handed over. */
export const missingFields = (direction: Direction, context: HandoffContext): readonly string[] => {
  const schema = direction.to === 'planner' ? ReplanHandoff : BuildHandoff;
  const parsed = schema.safeParse(context);
  return parsed.success ? [] : [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))];
};
