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

/** Shown in either detail: something changed that a person wants to hear of. */
const NEWS: Readonly<Partial<Record<EventType, Line['tone']>>> = {
  'route.overridden': 'step',
  'interaction.closed': 'step',
  'orchestration.paused': 'warn',
  'orchestration.continued': 'step',
  'lease.released': 'warn',
  'branch.applied': 'good',
  'branch.discarded': 'step',
};

/** A prompt, the result, or a line before it says the same. */
const SAID_ELSEWHERE: ReadonlySet<EventType> = new Set([
  'interaction.opened',
  'orchestration.completed',
  'orchestration.failed',
  'orchestration.halted',
  'orchestration.aborted',
  'work.collected',
]);

/**
 * The lines that report an event while a run goes on; `[]` for one that needs no words. `progress` includes the event:
 * the names of steps are what it is needed for.
 */
export const describe = (event: Recorded, progress: Progress, detail: Detail): readonly Line[] => {
  const full = detail === 'full';
  if (event.type === 'plan.created') return planned(event, full);
  if (event.type === 'route.decided') return full ? routed(event) : [];
  const work = describeTasks(event, progress, full) ?? describeWork(event, progress, full);
  if (work !== null) return work;
  const news = NEWS[event.type];
  if (news) return [line(news, sentenceOf(event))];
  if (!full || SAID_ELSEWHERE.has(event.type)) return [];
  return [line(event.type === 'agent.progressed' ? 'more' : 'step', sentenceOf(event))];
};
