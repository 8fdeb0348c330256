import type { Style } from './style.ts';
import { columns } from './table.ts';

/** One thing that was looked at. `todo` is what makes it better, and is there unless it is `ok`. */
export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly todo: string | null;
}

export interface Diagnosis {
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

export const renderDiagnosis = ({ ready, checks }: Diagnosis, style: Style): readonly string[] => {
  const paint = { ok: style.green, warn: style.yellow, fail: style.red };
  return [
    ...columns(
      checks.flatMap(({ name, verdict, found, todo }) => [
        [paint[verdict](verdict), name, found],
        ...(todo ? [['', '', `→ ${todo}`]] : []),
      ]),
    ),
    ready ? style.green('Studio can run here.') : style.red('Studio cannot run here until what failed is cured.'),
  ];
};
