import type { Environment } from './command-environment.ts';

const SECRET_NAME = /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL|_AUTH)/i;
/** Shorter values ("true", "admin") are words of ordinary output, and hiding them would hide what went wrong. */
const SHORTEST_HIDDEN = 8;
/** In files a word may be anybody's ("postgres"); what is as long as this and has a digit is a key of this machine. */
const SHORTEST_FOUND = 16;

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The values of variables whose names look like secrets, the longest first: a secret may be the start of another. */
const valuesOf = (environment: Environment): readonly string[] =>
  Object.entries(environment)
    .flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) ? [value] : []))
    .sort((a, b) => b.length - a.length);

const anyOf = (values: readonly string[]): readonly RegExp[] =>
  values.length === 0 ? [] : [new RegExp(values.map(literal).join('|'), 'g')];

/** Secrets of this environment: values whose names look like one, or that the configuration names as one. */
export const hiddenValues = (environment: Environment, names: readonly string[] = []): readonly string[] => {
  const named = names.flatMap((name) => environment[name] ?? []);
  return [...new Set([...valuesOf(environment), ...named])].filter((value) => value.length >= SHORTEST_HIDDEN);
};

interface Kind {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Formats that are secrets wherever they stand. */
const TOKENS: readonly Kind[] = [
  {
    kind: 'a token of GitHub, GitLab or npm',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{30,})/g,
  },
  // The key of the documentation ends so.
  { kind: 'a key of AWS', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b(?<!EXAMPLE)/g },
  { kind: 'a key of Google', pattern: /\bAIza[\w-]{35}/g },
  { kind: 'a token of Slack', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'a key of Stripe', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/g },
  {
    kind: 'a key of a model provider',
    pattern: /\bsk-(?=[A-Za-z0-9_-]{0,200}\d)(?:(?:ant|proj|or|svcacct)-[\w-]{20,}|[A-Za-z0-9]{32,})/g,
  },
];

/** To be hidden from view: a key of which only a part is there, and what may be one. */
export const HIDDEN: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  ...TOKENS.map(({ pattern }) => pattern),
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/g,
  /(?<=\bBearer )[\w.~+/-]{16,}=*/gi,
  /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s:/@]{0,200}:)[^\s:/@]{1,400}(?=@)/gi,
];

/**
 * Only what can hardly be anything else: a file that holds one ends the run. A key has its data behind its first line;
 * a program that reads keys names that line alone.
 */
const CERTAIN: readonly Kind[] = [
  {
    kind: 'a private key',
    pattern:
      /-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]|["'+,])*(?:[A-Za-z-]{1,40}: [^\n]{0,200}\s+)*[A-Za-z0-9+/=]{16,200}/g,
  },
  ...TOKENS,
];

export interface FoundSecret {
  readonly kind: string;
  readonly text: string;
}

/** @returns a search for secrets in the text of a file, each once; of a private key its first line, which tells keys apart */
export const createSecretSearch = (environment: Environment): ((text: string) => readonly FoundSecret[]) => {
  const own = valuesOf(environment).filter((value) => value.length >= SHORTEST_FOUND && /\d/.test(value));
  const kinds: readonly Kind[] = [
    ...CERTAIN,
    ...anyOf(own).map((pattern) => ({ kind: 'a secret of the environment of this worker', pattern })),
  ];
  return (text) => {
    const found = kinds.flatMap(({ kind, pattern }) =>
      [...text.matchAll(pattern)].map(([match]) => ({ kind, text: match })),
    );
    return [...new Map(found.map((secret) => [secret.text, secret])).values()];
  };
};
