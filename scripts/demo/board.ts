import { columns } from '../../cli/render/table.ts';

/** A goal as it is shown. */
export interface Row {
  readonly name: string;
  readonly done: number;
  readonly steps: number;
  /** Leases that were taken, dead workers' included. */
  readonly workers: number;
  readonly status: string;
  readonly ended: boolean;
}

export interface Board {
  show(rows: readonly Row[]): void;
  blow(victim: string): void;
}

const bar = ({ done, steps }: Row): string => '#'.repeat(done) + '.'.repeat(steps - done);

const tableOf = (rows: readonly Row[], kills: number, seconds: number): readonly string[] => [
  `${seconds} s, ${kills} killed, ${rows.filter(({ ended }) => ended).length} of ${rows.length} ended`,
  ...columns([
    ['goal', 'steps', 'workers', 'status'],
    ...rows.map((row) => [row.name, bar(row), String(row.workers), row.status]),
  ]),
];

/** At a terminal a table that is drawn again in its place; elsewhere a line for each thing that happens. */
export const createBoard = (output: { readonly isTTY: boolean; write(text: string): unknown }): Board => {
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1_000);
  const ended = new Set<string>();
  let kills = 0;
  let drawn = 0;

  const draw = (rows: readonly Row[]): void => {
    const lines = tableOf(rows, kills, seconds());
    // Up to where the last table began, then each line anew, its old rest cleared.
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    output.write(up + lines.map((line) => `${line}\u001b[K\n`).join(''));
    drawn = lines.length;
  };

  return {
    show(rows) {
      if (output.isTTY) return draw(rows);
      for (const { name, workers, status } of rows.filter((row) => row.ended && !ended.has(row.name))) {
        ended.add(name);
        output.write(`${seconds()} s  ${name} ${status} after ${workers} workers\n`);
      }
    },
    blow(victim) {
      kills += 1;
      if (!output.isTTY) output.write(`${seconds()} s  killed a ${victim}\n`);
    },
  };
};
