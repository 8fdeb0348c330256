import type { EventType, Recorded, RecordedOf } from '#events';
import { sentenceOf } from '#replay';
import { describeTasks } from './describe-tasks.ts';
import { describeWork } from './describe-work.ts';
import { type Line, line } from './line.ts';
import type { Progress } from './progress.ts';
import { count, percent } from './words.ts';

/** `brief`: a line a step and what went wrong. `full`: every transition, handoff and checkpoint. */
export type Detail = 'brief' | 'full';

const routed = ({ data }: RecordedOf<'route.decided'>): readonly Line[] => [
  line('step', `route: ${data.workflow} (${data.agents.join(' → ')})`),
  line('more', `complexity ${data.complexity}, confidence ${percent(data.confidence)}`),
  line('more', `signals: ${data.signals.map(({ word, role }) => `${word} (${role})`).join(', ') || 'none'}`),
  ...(data.skills.length > 0 ? [line('more', `skills: ${data.skills.join(', ')}`)] : []),
];

const planned = ({ data }: RecordedOf<'plan.created'>, full: boolean): readonly Line[] => [
  line('good', `plan: ${count(data.plan.steps.length, 'step')} from ${data.source}, confidence ${data.confidence} %`),
  ...(full
    ? data.plan.steps.map(({ name, risky }, index) => line('more', `${index + 1}. ${name}${risky ? ' (risky)' : ''}`))
    : []),
  ...data.cautions.map((caution) => line('warn', caution)),
];

/** In either detail, because a person wants to hear of it. */
const news = (tone: Line['tone']) => ({ tone, brief: true }) as const;
/** Only where everything is shown. */
const detail = (tone: Line['tone'] = 'step') => ({ tone, brief: false }) as const;
/** Told by a function of its own. */
const OWN = null;
/** A prompt, the result, or a line before it says the same. */
const SAID_ELSEWHERE = 'said elsewhere';

/** How each kind of event is told. */
const TELLINGS: Readonly<
  Record<EventType, ReturnType<typeof news | typeof detail> | typeof OWN | typeof SAID_ELSEWHERE>
> = {
  'goal.submitted': detail(),
  'route.decided': OWN,
  'route.overridden': news('step'),
  'orchestration.paused': news('warn'),
  'orchestration.continued': news('step'),
  'orchestration.resumed': news('warn'),
  'orchestration.forked': news('step'),
  'orchestration.completed': SAID_ELSEWHERE,
  'orchestration.failed': SAID_ELSEWHERE,
  'orchestration.halted': SAID_ELSEWHERE,
  'orchestration.aborted': SAID_ELSEWHERE,
  'abort.requested': OWN,
  'agent.dispatched': detail(),
  'agent.started': detail(),
  'agent.progressed': detail('more'),
  'agent.completed': detail(),
  'lease.released': news('warn'),
  'workspace.prepared': OWN,
  'workspace.lost': OWN,
  'plan.created': OWN,
  'gates.discovered': OWN,
  'step.started': OWN,
  'step.tried': OWN,
  'step.succeeded': OWN,
  'step.skipped': OWN,
  'acceptance.checked': OWN,
  'acceptance.shown': OWN,
  'gate.passed': OWN,
  'gate.failed': OWN,
  'gate.waived': OWN,
  'work.collected': SAID_ELSEWHERE,
  'work.handed_out': OWN,
  'work.taken': news('step'),
  'work.renewed': detail(),
  'work.returned': news('warn'),
  'work.closed': news('step'),
  'failure.recorded': OWN,
  'recovery.decided': OWN,
  'handoff.recorded': detail(),
  'handoff.completed': news('step'),
  'checkpoint.saved': detail(),
  'interaction.opened': SAID_ELSEWHERE,
  'interaction.closed': news('step'),
  'questions.raised': detail(),
  'map.drawn': OWN,
  'children.planned': OWN,
  'child.started': OWN,
  'child.ended': OWN,
  'child.skipped': OWN,
  'branch.merged': OWN,
  'branch.applied': news('good'),
  'branch.discarded': news('step'),
  'context.allocated': detail(),
  'context.given': detail('more'),
  'context.refused': detail('more'),
  'context.optimised': news('warn'),
  'usage.recorded': detail('more'),
  'budget.exceeded': news('warn'),
  'budget.raised': news('step'),
  'session.kept': detail('more'),
  'permission.asked': SAID_ELSEWHERE,
  'learnings.captured': detail(),
  'engine.chosen': detail(),
  'engine.failed_over': news('warn'),
  'outside.routed': news('step'),
  'outside.started': news('step'),
  'outside.completed': news('good'),
  'outside.failed': news('bad'),
  'outside.handed_over': news('step'),
};

/**
 * The lines that report an event while a run goes on; `[]` for one that needs no words. `progress` includes the event:
 * the names of steps are what it is needed for.
 */
export const describe = (event: Recorded, progress: Progress, wanted: Detail): readonly Line[] => {
  const full = wanted === 'full';
  if (event.type === 'plan.created') return planned(event, full);
  if (event.type === 'route.decided') return full ? routed(event) : [];
  const work = describeTasks(event, progress, full) ?? describeWork(event, progress, full);
  if (work !== null) return work;
  // That it waits for answers, the questions say.
  if (event.type === 'lease.released' && event.data.reason === 'asked') return [];
  const telling = TELLINGS[event.type];
  if (telling === OWN || telling === SAID_ELSEWHERE || !(full || telling.brief)) return [];
  return [line(telling.tone, sentenceOf(event))];
};
