import type { Environment } from './command-environment.ts';
import { patternsOf, withoutParts } from './hidden-values.ts';
import { HIDDEN, hiddenValues } from './secrets.ts';

export type Redact = (text: string) => string;

const REDACTED = '[redacted]';
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const compile = (pattern: string): RegExp => {
  try {
    return new RegExp(pattern, 'g');
  } catch {
    return new RegExp(literal(pattern), 'g');
  }
};

export interface RedactRequest {
  /** Regular expressions of the configuration; one that does not compile is taken literally. */
  readonly patterns: readonly string[];
  /** The values of variables whose names look like secrets are taken out wherever they appear. */
  readonly environment: Environment;
  /** Variables that hold secrets, whatever their names look like. */
  readonly secretNames?: readonly string[];
}

/** @returns a function that takes secrets out of a text before it is shown, logged or stored */
export const createRedactor = ({ patterns, environment, secretNames = [] }: RedactRequest): Redact => {
  const values = hiddenValues(environment, secretNames);
  const all = [...HIDDEN, ...patterns.map(compile), ...patternsOf(values)];
  return (text) =>
    withoutParts(
      all.reduce((rest, pattern) => rest.replace(pattern, REDACTED), text),
      values,
      REDACTED,
    );
};
