import type { Interaction } from '#contracts';
import type { Style } from './style.ts';
import { quoted } from './words.ts';

const NOTE: Readonly<Record<string, string>> = { r: ' --note "what to do differently"' };

const HEADLINES: Readonly<Record<Interaction['kind'], string>> = {
  route: 'This run waits for a yes',
  map: 'This run waits for a yes',
  escalation: 'This run waits for a person',
  permission: 'An agent asks for permission',
  budget: 'The budget is used up',
  question: 'This run has a question',
};

/** The exact command for each answer. `alone`: nothing else is open, so that the question need not be named. */
export const answerCommands = (
  id: string,
  { id: question, kind, options }: Interaction,
  { program, alone, style }: { readonly program: string; readonly alone: boolean; readonly style: Style },
): readonly string[] => {
  const which = alone ? '' : ` --question ${question}`;
  const command = (key: string, label: string): string => {
    const note = kind === 'question' ? '' : (NOTE[key] ?? '');
    return `  ${program} answer ${id} ${quoted(key)}${which}${note}    ${style.dim(`# ${label}`)}`;
  };
  return [
    ...options.map(({ key, label }) => command(key, label)),
    ...(kind === 'question' ? [command('what you say', 'any text is an answer')] : []),
  ];
};

/** What waits for a person, and when it stops to. */
export const aboutInteraction = ({ prompt, deadline, default: fallback, focus }: Interaction): readonly string[] => [
  ...prompt.split('\n').map((text) => `  ${text}`),
  ...(focus ? [`  about ${focus}`] : []),
  ...(deadline ? [`  until ${deadline}${fallback === null ? '' : `, then it is taken to be: ${fallback}`}`] : []),
];

/** All that a run asks, each with its options and the exact command for each answer. */
export const renderInteractions = (
  id: string,
  open: readonly Interaction[],
  program: string,
  style: Style,
): readonly string[] =>
  open.flatMap((interaction) => [
    `${style.yellow('?')} ${style.bold(HEADLINES[interaction.kind])}`,
    ...aboutInteraction(interaction),
    'Answer with one of:',
    ...answerCommands(id, interaction, { program, alone: open.length === 1, style }),
  ]);

export const openInteractions = (interactions: readonly Interaction[]): readonly Interaction[] =>
  interactions.filter(({ outcome }) => outcome === null);
