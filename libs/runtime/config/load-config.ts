import type { Config, ConfigValue } from '#contracts';

export interface ConfigSources {
  /** Absolute path of `config.yaml`; a file that does not exist is an empty one. `null`: no file at all. */
  readonly file: string | null;
  /** `STUDIO_GATEWAY_PORT` sets `gateway.port`; values are read as YAML, so `[a, b]` is a list. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags?: readonly ConfigFlag[];
}

export interface ConfigFlag {
  /** Dotted key: `gateway.port`. */
  readonly key: string;
  /** As the person typed it: `--port`. */
  readonly flag: string;
  readonly value: unknown;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Each value in force with where it comes from, sorted by key. */
  readonly values: readonly ConfigValue[];
}

/**
 * Flag over environment over file over built-in default, a key at a time.
 * @throws {InvalidInput} with every problem of every source, each with its line
 * @remarks YAML is read by code that loads on the first call: a command that needs no configuration starts faster
 */
export const loadConfig = async (sources: ConfigSources): Promise<LoadedConfig> => {
  const { mergeLayers } = await import('./merge-layers.ts');
  return mergeLayers(sources);
};
