import type { Environment } from './command-environment.ts';

export type Redact = (text: string) => string;

const SECRET_NAME = /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL|_AUTH)/i;
/** Shorter values ("true", "admin") are words of ordinary output, and hiding them would hide what went wrong. */
const MIN_SECRET_LENGTH = 8;

/** Formats that are secrets wherever they stand, and the password of a URL. */
const TOKENS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{30,})/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/g,
  /(?<=\bBearer )[\w.~+/-]{16,}=*/gi,
  /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s:/@]{0,200}:)[^\s:/@]{1,400}(?=@)/gi,
];

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
}

/** @returns a function that takes secrets out of a text before it is shown, logged or stored */
export const createRedactor = ({ patterns, environment }: RedactRequest): Redact => {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= MIN_SECRET_LENGTH && SECRET_NAME.test(name) ? [value] : [],
  );
  // The longest first: a secret may be the start of another one.
  values.sort((a, b) => b.length - a.length);
  const known = values.length === 0 ? [] : [new RegExp(values.map(literal).join('|'), 'g')];
  const all = [...TOKENS, ...patterns.map(compile), ...known];
  return (text) => all.reduce((rest, pattern) => rest.replace(pattern, REDACTED), text);
};
