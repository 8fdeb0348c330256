import type { TimelineRow, Verified } from '#replay';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { count, duration } from './words.ts';

export const renderTimeline = (
  { timeline }: { readonly timeline: readonly TimelineRow[] },
  style: Style,
): readonly string[] =>
  columns(
    timeline.map(({ version, offsetMs, text, actor }) => [
      String(version),
      style.dim(`+${duration(offsetMs)}`),
      text,
      style.dim(actor),
    ]),
  );

const valueText = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(value));

export const renderVerified = (verified: Verified, style: Style): readonly string[] => {
  switch (verified.outcome) {
    case 'agrees':
      return [
        `${style.green('✓')} ${count(verified.decisions, 'decision')} in ${count(verified.events, 'event')}: today's code decides the same`,
      ];
    case 'differs':
      return [
        `${style.red('✗')} event ${verified.version} (${verified.type}) differs at ${verified.field}`,
        `  recorded    ${valueText(verified.recorded)}`,
        `  recomputed  ${valueText(verified.recomputed)}`,
      ];
    case 'policy_unknown':
      return [
        `${style.yellow('!')} the policy ${verified.policyHash} of event ${verified.version} is not at hand, so nothing can be said`,
        '  replay the run by its id where it was recorded: its log keeps the policy',
      ];
  }
};
