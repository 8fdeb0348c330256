import type { CheckResult } from '#contracts';
import { unitOf } from '#domain';
import type { EventOf, EventType, Recorded } from '#events';

type Sentences = { readonly [T in EventType]: (data: EventOf<T>['data']) => string };

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const short = (commit: string | null): string => (commit === null ? 'no commit' : `commit ${commit.slice(0, 10)}`);
const because = (reason: string | null): string => (reason ? `: ${oneLine(reason)}` : '');
const seconds = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
const nth = (n: number): string => (n === 1 ? '' : ` (try ${n})`);
const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** Longest text of others inside a sentence. */
const MOST_CHARACTERS = 160;

const oneLine = (text: string): string => {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
};

/** In dollars or tokens: the account says which. */
const amountOf = (account: string, amount: number): string =>
  unitOf(account) === 'usd' ? usd(amount) : `${amount} tokens`;

const usd = (amount: number): string => `${Number(amount.toFixed(amount < 1 ? 4 : 2))} USD`;
/** How the price is known, where it was not on a list. */
const BASES = { reported: '', priced: '', unknown: ' at most' } as const;

const checks = (results: readonly CheckResult[]): string => {
  const passed = results.filter((result) => result.passed).length;
  const red = results.filter((result) => !result.passed).map(({ criterion }) => criterion);
  const verdict = `${passed} of ${count(results.length, 'check')} passed`;
  return red.length === 0 ? verdict : `${verdict}, red: ${oneLine(red.join('; '))}`;
};

const sentences: Sentences = {
  'goal.submitted': ({ goal, mode, trigger, workspace, plan }) =>
    `goal submitted by ${trigger}, ${mode}: "${oneLine(goal)}"${workspace ? ` in ${workspace}` : ''}${plan ? `, with plan ${plan.id}` : ''}`,
  'route.decided': ({ workflow, complexity, agents, confidence, signals }) =>
    `routed to ${workflow} (${agents.join(' → ')}), ${complexity}, confidence ${percent(confidence)}, because of ${signals.map(({ word, role }) => `${role} "${word}"`).join(', ')}`,
  'route.overridden': ({ workflow, agents }) => `route changed to ${workflow} (${agents.join(' → ')})`,
  'orchestration.paused': ({ reason }) => `paused${because(reason)}`,
  'orchestration.continued': () => 'continued',
  'orchestration.completed': ({ commit }) => `completed and verified at ${short(commit)}`,
  'orchestration.halted': ({ reason }) => `halted${because(reason)}`,
  'orchestration.failed': ({ reason }) => `failed${because(reason)}`,
  'orchestration.aborted': ({ reason }) => `aborted${because(reason)}`,
  'handoff.recorded': ({ from, to }) => `${from} handed over to ${to}`,
  'checkpoint.saved': ({ checkpoint, name, commit }) => `checkpoint ${checkpoint} "${name}" saved at ${short(commit)}`,
  'branch.applied': ({ branch, commit, into }) => `branch ${branch} (${short(commit)}) applied to ${into}`,
  'branch.discarded': ({ branch }) => `branch ${branch} discarded`,
  'agent.dispatched': ({ role, attempt, reason, hint, notBefore }) =>
    `${role} ordered, attempt ${attempt} (${reason.replaceAll('_', ' ')})${notBefore ? `, not before ${notBefore}` : ''}${hint ? `, hint: ${oneLine(hint)}` : ''}`,
  'agent.started': ({ worker }) => `worker ${worker.id} started on ${worker.host} (process ${worker.pid})`,
  'agent.progressed': ({ message }) => oneLine(message),
  'agent.completed': () => 'agent completed',
  'lease.released': ({ reason }) => `worker gave its lease back (${reason})`,
  'workspace.prepared': ({ root, base, branch, dirty, sandbox }) =>
    `workspace of ${root} prepared: branch ${branch} from ${short(base)}${dirty ? ', uncommitted changes left out' : ''}, sandbox ${sandbox}`,
  'workspace.lost': ({ missing, keep }) => `${count(missing.length, 'commit')} lost, going on from ${short(keep)}`,
  'plan.created': ({ plan, source, confidence, cautions }) =>
    `plan ${plan.id} with ${count(plan.steps.length, 'step')} from ${source}, confidence ${confidence} %${cautions.length > 0 ? `, cautions: ${oneLine(cautions.join('; '))}` : ''}`,
  'gates.discovered': ({ gates }) =>
    `gates on the base: ${gates.map(({ gate, base }) => `${gate} ${base.replaceAll('_', ' ')}`).join(', ') || 'none'}`,
  'step.started': ({ step, try: attempt }) => `${step} started${nth(attempt)}`,
  'step.tried': ({ step, try: attempt, checks: results, durationMs }) =>
    `${step} failed${nth(attempt)}: ${checks(results)}, ${seconds(durationMs)}`,
  'step.succeeded': ({ step, try: attempt, commit, checks: results, durationMs }) =>
    `${step} done${nth(attempt)}: ${checks(results)}, ${commit === null ? 'nothing changed' : short(commit)}, ${seconds(durationMs)}`,
  'step.skipped': ({ step }) => `${step} skipped`,
  'acceptance.shown': ({ results }) =>
    `before the work began: ${results.map(({ id, before }) => `${id} ${before}${before === 'passed' ? ', so it proves nothing' : ''}`).join(', ')}`,
  'acceptance.checked': ({ results }) =>
    `acceptance: ${results.map(({ id, status }) => `${id} ${status.replaceAll('_', ' ')}`).join(', ') || 'no criteria'}`,
  'gate.passed': ({ gate, try: attempt, durationMs }) => `gate ${gate} passed${nth(attempt)}, ${seconds(durationMs)}`,
  'gate.failed': ({ gate, try: attempt, durationMs }) => `gate ${gate} failed${nth(attempt)}, ${seconds(durationMs)}`,
  'gate.waived': ({ gate, reason }) => `gate ${gate} does not count (${reason.replaceAll('_', ' ')})`,
  'work.collected': ({ commit, files }) => `${count(files.length, 'file')} changed up to ${short(commit)}`,
  'failure.recorded': ({ role, step, gate, category, error, unblock }) =>
    `${role} failed${step || gate ? ` at ${step ?? gate}` : ''}, ${category.replaceAll('_', ' ')}: ${oneLine(error)}${unblock ? ` (to unblock: ${oneLine(unblock)})` : ''}`,
  'recovery.decided': ({ action, reason, notBefore }) =>
    `decided to ${action}: ${oneLine(reason)}${notBefore ? `, not before ${notBefore}` : ''}`,
  'interaction.opened': ({ interaction, prompt, options }) =>
    `${interaction} asks: ${oneLine(prompt)} [${options.map(({ key }) => key).join('/')}]`,
  'questions.raised': ({ round, focus, readiness, questions }) =>
    `round ${round} of questions (${focus}): ${count(questions.length, 'question')}, ready to ${percent(readiness)}`,
  'map.drawn': ({ map, source }) =>
    `map of ${count(map.epics.length, 'epic')}, ${count(map.features.length, 'feature')} and ${count(map.tasks.length, 'task')} from ${source}`,
  'children.planned': ({ tasks, atOnce }) => `${count(tasks.length, 'task')} to do, at most ${atOnce} at once`,
  'child.started': ({ task, child, try: attempt }) => `task ${task} started as ${child}${nth(attempt)}`,
  'child.ended': ({ task, outcome, commit, reason }) =>
    `task ${task} ${outcome}${commit ? ` at ${short(commit)}` : ''}${because(reason)}`,
  'child.skipped': ({ task, reason }) => `task ${task} skipped: ${oneLine(reason)}`,
  'branch.merged': ({ task, commit }) => `task ${task} merged at ${short(commit)}`,
  'abort.requested': ({ reason }) => `asked to abort; its tasks end first${because(reason)}`,
  'usage.recorded': ({ role, work, engine, model, inputTokens, outputTokens, costUsd, basis }) =>
    `${role} spent ${usd(costUsd)}${BASES[basis]} with ${engine}${model === null ? '' : ` (${model})`} on ${work}: ${inputTokens} tokens in, ${outputTokens} out`,
  'budget.exceeded': ({ account, limit, spent }) =>
    `budget ${account} is used up: ${amountOf(account, spent)} of ${amountOf(account, limit)}`,
  'budget.raised': ({ account, limit }) => `budget ${account} raised to ${amountOf(account, limit)}`,
  'orchestration.resumed': ({ checkpoint, version }) => `went back to checkpoint ${checkpoint} (version ${version})`,
  'orchestration.forked': ({ from, version, changes }) =>
    `forked from ${from} at version ${version}${Object.keys(changes).length > 0 ? `, with another ${Object.keys(changes).join(', ')}` : ''}`,
  'handoff.completed': ({ from, to, context }) =>
    `handover of ${from} to ${to} completed by hand: ${Object.keys(context).join(', ')}`,
  'context.allocated': ({ total }) => `context budget of ${total.soft} tokens, ${total.hard} at most`,
  'context.refused': ({ role, work, problem }) => `${role} was not given what ${work} needs: ${problem}`,
  'context.given': ({ role, work, pieces }) =>
    `${role} was given ${pieces.reduce((sum, { tokens }) => sum + tokens, 0)} tokens in ${count(pieces.length, 'piece')} for ${work}`,
  'context.optimised': ({ before, after, actions }) =>
    `context cut from ${before} to ${after} tokens: ${actions.map(({ action }) => action).join(', ')}`,
  'session.kept': ({ engine, session }) => `${engine} can go on with session ${session}`,
  'permission.asked': ({ engine, kind, title, command }) => `${engine} asks to ${kind}: ${oneLine(command ?? title)}`,
  'learnings.captured': ({ entries }) => `${count(entries.length, 'learning')} captured`,
  'outside.routed': ({ goal, workflow, agents, confidence }) =>
    `routed again, as "${oneLine(goal)}", to ${workflow} (${agents.join(' → ')}), confidence ${percent(confidence)}`,
  'outside.started': ({ agent }) => `${agent} was started outside`,
  'outside.completed': ({ agent }) => `${agent} says it is done`,
  'outside.failed': ({ agent, error, action }) => `${agent} says it failed: ${oneLine(error)}; decided to ${action}`,
  'outside.handed_over': ({ from, to }) => `${from} handed over to ${to}, outside`,
  'engine.chosen': ({ role, work, reason }) => `${role} ${work}s with ${oneLine(reason)}`,
  'engine.failed_over': ({ from, to, reason, until }) =>
    `${to} goes on instead of ${from}: ${oneLine(reason)}${until ? `, not asked again before ${until}` : ''}`,
  'work.handed_out': ({ work, kind, about, role, deadline }) =>
    `${work} handed out, to be done by hand: ${kind === about ? kind : `${kind} ${about}`} of the ${role}${deadline ? `, until ${deadline}` : ''}`,
  'work.taken': ({ work, until }) => `${work} taken until ${until}`,
  'work.renewed': ({ work, until }) => `${work} taken for longer, until ${until}`,
  'work.returned': ({ work, lease, reason }) =>
    `${work} is free again: lease ${lease} ${reason === 'expired' ? 'expired' : 'was given back'}`,
  'work.closed': ({ work, outcome, commit }) =>
    outcome === 'done' ? `${work} handed in${commit ? ` at ${short(commit)}` : ''}` : `${work} ${outcome}`,
  'interaction.closed': ({ interaction, outcome, answer, note }) =>
    `${interaction} ${outcome}${answer === null ? '' : `: ${answer}`}${note ? ` (${oneLine(note)})` : ''}`,
};

/** What an event says, as one line for people. */
export const sentenceOf = (event: Recorded): string => {
  // The table has exactly one entry a type, and the entry of an event's own type takes that event's data.
  const say = sentences[event.type] as (data: Recorded['data']) => string;
  return say(event.data);
};
