import { createHash, randomBytes } from 'node:crypto';
import { delimiter } from 'node:path';
import * as z from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a host had in its environment when it started. Values are told by a hash only: some of them are keys. */
export const HostEnvironment = z.object({ salt: z.string(), hashes: z.record(z.string(), z.string()) });
export type HostEnvironment = z.infer<typeof HostEnvironment>;

/** Settings, where models are and who pays for them. The rest of an environment differs from terminal to terminal. */
const COUNTS =
  /^(STUDIO|ANTHROPIC|OPENAI|CLAUDE|CODEX|GEMINI|GOOGLE|QWEN|OPENCODE)_|_(KEY|TOKEN|SECRET|BASE_URL|MODEL)$|^https?_proxy$/i;
/** Said to one command, or to programs that Studio runs. */
const OWN = /^STUDIO_(DIR|DEBUG|TAG|HOOK|ORCHESTRATION|INTERACTION|OUTCOME|EVENT_ID|RUN_MARK|STEP_KEY)$/;

const ON_PATH = ' on the PATH';

/** Each folder of the PATH by itself: where agents are looked for. */
const entriesOf = (env: Environment): readonly (readonly [name: string, value: string])[] => [
  ...Object.entries(env).flatMap(([name, value]) =>
    value && COUNTS.test(name) && !OWN.test(name) ? ([[name, value]] as const) : [],
  ),
  ...(env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => [`${folder}${ON_PATH}`, folder] as const),
];

const hashesOf = (env: Environment, salt: string): ReadonlyMap<string, string> =>
  new Map(
    entriesOf(env).map(([name, value]) => [
      name,
      createHash('sha256').update(`${salt}${value}`).digest('hex').slice(0, 16),
    ]),
  );

export const describeEnvironment = (env: Environment): HostEnvironment => {
  const salt = randomBytes(16).toString('hex');
  return { salt, hashes: Object.fromEntries(hashesOf(env, salt)) };
};

export const isFolderOfPath = (name: string): boolean => name.endsWith(ON_PATH);

export interface EnvironmentChange {
  /** What a host that started now would have, and the one that runs has not, or has otherwise. */
  readonly news: readonly string[];
  /** What it would not have any more. */
  readonly lost: readonly string[];
}

export const changeOf = ({ salt, hashes }: HostEnvironment, env: Environment): EnvironmentChange => {
  const now = hashesOf(env, salt);
  return {
    news: [...now].flatMap(([name, hash]) => (hashes[name] === hash ? [] : [name])),
    lost: Object.keys(hashes).filter((name) => !now.has(name)),
  };
};
