import Table from 'cli-table3';
import type { Bench } from './main.ts';
import type { SandboxBench } from './sandbox.ts';
import type { ScriptBench } from './scripts.ts';
import type { Summary } from './summarize.ts';

const spread = ({ median, min, max }: Summary): string => `${median} (${min}–${max})`;

/** Each command of a session beside the same one of bash, jq and files. */
export const renderScripts = (scripts: ScriptBench | null): string => {
  if (scripts === null) return 'scripts: not measured, because there is no jq\n';
  const { commands, nodeMs, ratio } = scripts;
  const head = ['scripts/orchestrator.sh', 'bash, jq and files, ms', 'Studio, host up, ms'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { command, filesMs, studioMs } of commands) table.push([command, spread(filesMs), spread(studioMs)]);
  table.push(['all of them, Studio / bash', '', String(ratio)], ['node -e 0', '', spread(nodeMs)]);
  return `${table.toString()}\n`;
};

/** A command and a lease in the sandbox beside the same ones without. */
export const renderSandbox = (sandbox: SandboxBench | null): string => {
  if (sandbox === null) return 'sandbox: not measured, because there is none here\n';
  const { commandMs, leaseMs, commandRatio, loadAverage } = sandbox;
  const head = [`sandbox, load average ${loadAverage}`, 'without, ms', 'in it, ms'];
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(
    ['a command', spread(commandMs.without), spread(commandMs.inSandbox)],
    ['a lease with its first command', spread(leaseMs.without), spread(leaseMs.inSandbox)],
    ['a command, in it / without', '', spread(commandRatio)],
  );
  return `${table.toString()}\n`;
};

/** Many tasks of one goal beside the longest chain of their steps, and what it takes when builders are killed. */
export const renderTasks = (tasks: Bench['tasks']): string => {
  const head = [`${tasks.tasks} tasks on ${tasks.builders} builders, seed ${tasks.seed}`, 'measured', 'target'];
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(
    [`critical path, ${tasks.tasksOnPath} tasks, ms`, tasks.criticalPathMs, ''],
    ['from the goal to its verified end, ms', tasks.wallMs, ''],
    ['wall time / critical path', tasks.wallOverPath, '≤ 1.3'],
    [`added by each of ${tasks.kills} kills, ms`, tasks.addedMsByKill, '≤ 20,000'],
    ['until another builder had the work, ms', tasks.takeOversMs.join(', '), '≤ 20,000'],
  );
  return `${table.toString()}\n`;
};

const cpuOf = ({ bareChain, studio, queued }: Bench['goals']): string =>
  [bareChain, studio, queued].map(({ clientMsPerGoal }) => clientMsPerGoal.median).join(' / ');

/** What was measured beside what is aimed at; the median of the rounds, and their range. */
export const renderBench = ({ machine, goals, scaleOut, log, scripts, sandbox, tasks }: Bench): string => {
  const table = new Table({ head: ['what', 'measured', 'target'], style: { head: [], border: [] } });
  table.push(
    ['bare chain, goals/s', spread(goals.bareChain.goalsPerSecond), ''],
    ['Studio, goals/s', spread(goals.studio.goalsPerSecond), ''],
    ['Studio / bare chain', spread(goals.studio.throughputRatio), '≥ 0.5'],
    ['the same, goals from a queue', spread(goals.queued.throughputRatio), ''],
    ['bare chain, idle p50 / p99 ms', `${spread(goals.bareChain.p50Ms)} / ${spread(goals.bareChain.p99Ms)}`, ''],
    ['Studio, idle p50 / p99 ms', `${spread(goals.studio.p50Ms)} / ${spread(goals.studio.p99Ms)}`, ''],
    ['idle p50, Studio / bare chain', spread(goals.studio.latencyRatio), '≤ 2'],
    ['the same, goals from a queue', spread(goals.queued.latencyRatio), ''],
    ['processor time of a goal, chain / Studio / from a queue, ms', cpuOf(goals), ''],
    ['8 builders / 1 builder, 50 ms waits', spread(scaleOut.ratio), '≥ 7.5'],
    ['append, events/s', log.appendEventsPerSecond, '≥ 40,000'],
    ['replay, events/s of a core', log.replayEventsPerSecond, '≥ 150,000'],
    ['replay / read and JSON.parse', log.replayOverParse, '≥ 0.7'],
    ['memory / exported JSON', log.memoryOverJson, '≤ 1.3'],
  );
  return `${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}\n${table.toString()}\n${renderScripts(scripts)}${renderSandbox(sandbox)}${renderTasks(tasks)}`;
};
