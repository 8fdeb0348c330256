import type { SubmitAnswer } from '#contracts';
import type { Style } from './style.ts';
import { count } from './words.ts';

export const renderAnswer = (answer: SubmitAnswer, style: Style): readonly string[] => {
  switch (answer.outcome) {
    case 'created':
      return [`${style.green('created')} ${answer.id}`];
    case 'duplicate':
      return [`${style.yellow('duplicate')} of ${answer.id}`];
    case 'conflict':
      return [`${style.red('conflict')} ${answer.problems.join('; ')}`];
    case 'rejected':
      return [
        `${style.red('rejected')}${answer.problems.length === 1 ? ` ${answer.problems[0]}` : ''}`,
        ...(answer.problems.length > 1 ? answer.problems.map((problem) => `  - ${problem}`) : []),
      ];
  }
};

/** What became of many goals: `5 goals: 3 created, 1 duplicate, 1 rejected`. */
export const renderTally = (outcomes: readonly SubmitAnswer['outcome'][]): string => {
  const kinds = (['created', 'duplicate', 'conflict', 'rejected'] as const).flatMap((kind) => {
    const n = outcomes.filter((outcome) => outcome === kind).length;
    return n > 0 ? [`${n} ${kind}`] : [];
  });
  return [count(outcomes.length, 'goal'), kinds.join(', ')].filter((part) => part !== '').join(': ');
};
