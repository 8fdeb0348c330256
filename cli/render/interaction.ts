import type { Interaction } from '#contracts';
import type { Style } from './style.ts';

const EXTRA: Readonly<Record<string, string>> = { r: ' --note "what to do differently"' };

/** The question, its options, and the exact command for each answer. */
export const renderInteraction = (
  id: string,
  question: Interaction,
  program: string,
  style: Style,
): readonly string[] => {
  const { kind, prompt, options, deadline } = question;
  return [
    `${style.yellow('?')} ${style.bold(kind === 'route' ? 'This run waits for a yes' : 'This run waits for a person')}`,
    ...prompt.split('\n').map((text) => `  ${text}`),
    ...(deadline ? [`  until ${deadline}`] : []),
    'Answer with one of:',
    ...options.map(
      ({ key, label }) => `  ${program} answer ${id} ${key}${EXTRA[key] ?? ''}    ${style.dim(`# ${label}`)}`,
    ),
  ];
};

export const openQuestion = (interactions: readonly Interaction[]): Interaction | null =>
  interactions.find(({ outcome }) => outcome === null) ?? null;
