import type { Style } from './style.ts';

/** A line for people, before it has colours. */
export interface Line {
  readonly tone: 'good' | 'bad' | 'warn' | 'step' | 'more';
  readonly text: string;
}

export const line = (tone: Line['tone'], text: string): Line => ({ tone, text });

const MARKS: Readonly<Record<Line['tone'], string>> = { good: '✓', bad: '✗', warn: '!', step: '→', more: ' ' };

export const renderLine = ({ tone, text }: Line, style: Style): string => {
  const paint = { good: style.green, bad: style.red, warn: style.yellow, step: style.cyan, more: style.dim }[tone];
  const [first = '', ...rest] = text.split('\n');
  const body = tone === 'more' ? style.dim(first) : first;
  return [`${paint(MARKS[tone])} ${body}`, ...rest.map((part) => `    ${style.dim(part)}`)].join('\n');
};
