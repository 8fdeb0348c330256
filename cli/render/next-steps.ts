import type { StateDocument } from '#contracts';
import { quoted } from './words.ts';

/** How the verified change gets into the person's own branch, or how it is thrown away. */
export const howToApply = ({ id, outcome }: StateDocument, program: string, landed: boolean): readonly string[] => {
  const result = outcome?.result;
  if (!result?.branch || !result.commit || result.commit === result.base || landed) return [];
  if (outcome?.kind !== 'completed')
    return [`what was verified so far is on ${result.branch}: ${program} diff ${id}, or ${program} discard ${id}`];
  return [`see it: ${program} diff ${id}`, `take it: ${program} apply ${id}`];
};

/** Three lines to copy: what happened, the recording, and the same on the person's own repository. */
export const whatNext = ({ id, goal }: StateDocument, program: string): readonly string[] => [
  'Next, to copy:',
  `  ${program} why ${id}`,
  `  ${program} replay ${id}`,
  `  ${program} build ${quoted(goal)} --workspace DIR`,
];

export const howToFollow = (id: string, program: string): readonly string[] => [
  `it goes on by itself: ${program} status ${id}`,
  `come back to it: ${program} watch ${id}    end it: ${program} abort ${id}`,
];

/** What of this terminal the host does not have: something of what it has would get lost, or it has work in hand. */
export const aboutUnknown = (names: readonly string[], program: string): readonly string[] =>
  names.length === 0
    ? []
    : [`the host was started with another value of ${names.join(', ')}: to use this one, ${program} down first`];
