import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Goal, StateDocument } from '#contracts';
import type { Recorded } from '#events';
import type { Random } from './random.ts';
import { branchFiles, type PlannedTask, taskGoal, writes } from './task-goals.ts';

/** Many tasks with random dependencies, some of which fail before they succeed. */

export interface GraphTask {
  readonly id: string;
  readonly after: readonly string[];
  /** How long its step takes at least, each time it is tried. */
  readonly waitMs: number;
  /** Tries that fail before one succeeds. */
  readonly failures: number;
}

export interface GraphOptions {
  readonly tasks: number;
  readonly waitMs: readonly [low: number, high: number];
}

/** A task looks for what it needs among so many before it: far enough for width, near enough for depth. */
const REACH = 12;
const ONE_FAILS_OF = 6;

const drawAfter = (random: Random, number: number): readonly string[] => {
  const needs = number === 0 ? 0 : random.between(0, 3);
  const found = Array.from({ length: needs }, () => random.between(Math.max(0, number - REACH), number - 1));
  return [...new Set(found)].map((other) => `t${other + 1}`);
};

export const drawGraph = (random: Random, { tasks, waitMs: [low, high] }: GraphOptions): readonly GraphTask[] =>
  Array.from({ length: tasks }, (_, number) => ({
    id: `t${number + 1}`,
    after: drawAfter(random, number),
    waitMs: random.between(low, high),
    failures: random.between(1, ONE_FAILS_OF) === 1 ? 1 : 0,
  }));

const workMs = ({ waitMs, failures }: GraphTask): number => waitMs * (1 + failures);

/** The longest chain of what the tasks wait for, tries that fail included: no number of builders is faster. */
export const criticalPath = (graph: readonly GraphTask[]): { readonly ms: number; readonly tasks: number } => {
  const ends = new Map<string, { readonly ms: number; readonly tasks: number }>();
  let longest = { ms: 0, tasks: 0 };
  for (const task of graph) {
    const before = task.after
      .map((other) => ends.get(other) ?? { ms: 0, tasks: 0 })
      .reduce((a, b) => (a.ms >= b.ms ? a : b), { ms: 0, tasks: 0 });
    const end = { ms: before.ms + workMs(task), tasks: before.tasks + 1 };
    ends.set(task.id, end);
    if (end.ms > longest.ms) longest = end;
  }
  return longest;
};

/** No schedule on so many builders is shorter than this. */
export const shortestMs = (graph: readonly GraphTask[], builders: number): number =>
  Math.max(criticalPath(graph).ms, graph.reduce((sum, task) => sum + workMs(task), 0) / builders);

/** Looks that all it needs is there, waits, fails as often as it has to, and appends one line. */
const commandOf = ({ id, after, waitMs, failures }: GraphTask, tries: string, gate: string | undefined): string =>
  [
    ...(gate === undefined ? [] : [`until [ -e '${gate}' ]; do sleep 0.05; done`]),
    ...after.map((other) => `grep -qx ${other} ${other}.txt`),
    `echo . >> '${tries}/${id}'`,
    `sleep ${waitMs / 1_000}`,
    ...(failures > 0
      ? [`{ [ "$(wc -l < '${tries}/${id}')" -gt ${failures} ] || { echo "AssertionError: not yet"; exit 1; }; }`]
      : []),
    writes(id),
  ].join(' && ');

/** @param gate a file without which no task goes on */
export const graphGoal = async (
  graph: readonly GraphTask[],
  { workspace, folder, gate }: { readonly workspace: string; readonly folder: string; readonly gate?: string },
): Promise<Goal> => {
  const tries = join(folder, 'tries');
  await mkdir(tries, { recursive: true });
  const tasks = graph.map(
    (task): PlannedTask => ({
      id: task.id,
      command: commandOf(task, tries, gate),
      depends_on: [...task.after],
      tries: 5,
    }),
  );
  return taskGoal(workspace, tasks, { goal: `Do ${graph.length} tasks` });
};

/** Each task began once, after the ends of all that it needs. */
const auditOrder = (graph: readonly GraphTask[], events: readonly Recorded[]): readonly string[] =>
  graph.flatMap(({ id, after }) => {
    const starts = events.filter((event) => event.type === 'child.started' && event.data.task === id);
    const endOf = (task: string) =>
      events.find((event) => event.type === 'child.ended' && event.data.task === task)?.version ?? Infinity;
    const from = starts[0]?.version ?? 0;
    return [
      ...(starts.length === 1 ? [] : [`${id} began ${starts.length} times`]),
      ...after.flatMap((other) => (endOf(other) < from ? [] : [`${id} began before ${other} had ended`])),
    ];
  });

/** What is wrong with how a run did its tasks: each once, in order, nothing lost. */
export const auditGraph = async (
  graph: readonly GraphTask[],
  workspace: string,
  state: StateDocument,
  events: readonly Recorded[],
): Promise<readonly string[]> => {
  const files = await branchFiles(workspace, state);
  const args = ['log', '--no-merges', '--format=%s', `main..studio/${state.id}`];
  const { stdout } = await execa('git', args, { cwd: workspace });
  const commits = stdout.split('\n').sort().join(' ');
  const wanted = graph
    .map(({ id }) => `Do ${id}`)
    .sort()
    .join(' ');
  return [
    ...auditOrder(graph, events),
    ...graph.flatMap(({ id }) => (files[`${id}.txt`] === id ? [] : [`${id}.txt holds ${files[`${id}.txt`]}`])),
    ...(Object.keys(files).length === graph.length ? [] : [`${Object.keys(files).length} files`]),
    ...(commits === wanted ? [] : [`the commits are ${commits}`]),
  ];
};
