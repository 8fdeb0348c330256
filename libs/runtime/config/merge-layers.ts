import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Config, InvalidInput } from '#contracts';
import { EMPTY, flatten, type Layer, type Setting } from './layer.ts';
import type { ConfigSources, LoadedConfig } from './load-config.ts';
import { describeIssues, unknownName } from './problems.ts';
import { readBuiltIn } from './read-built-in.ts';

const readOptional = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new InvalidInput('the configuration cannot be read', [
      `${file}: ${String(error)}; make it readable or remove it`,
    ]);
  }
};

const envName = (path: readonly string[]) => `STUDIO_${path.join('_').toUpperCase()}`;

/** A word or a number is what it looks like; a YAML parser is loaded for the rest. */
const parseScalar = async (text: string): Promise<unknown> => {
  if (/^(?!null$|true$|false$)[a-z]+$/.test(text)) return text;
  if (/^(0|[1-9]\d{0,9})$/.test(text)) return Number(text);
  const { parseYaml } = await import('./parse-yaml.ts');
  try {
    return parseYaml(text);
  } catch {
    return text;
  }
};

const fileLayer = async (file: string | null, name: string): Promise<Layer> => {
  const text = file === null ? '' : await readOptional(file);
  return text === '' ? EMPTY : (await import('./yaml-layer.ts')).readYamlLayer(text, name);
};

const envLayer = async (env: ConfigSources['env'], defaults: readonly Setting[]) => {
  const byName = new Map(defaults.map(({ path }) => [envName(path), path]));
  const sections = Object.keys(Config.shape).map((section) => `STUDIO_${section.toUpperCase()}_`);
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || !sections.some((section) => name.startsWith(section))) continue;
    const path = byName.get(name);
    if (path) settings.push({ path, value: await parseScalar(text), origin: `env ${name}` });
    else problems.push(`env ${name}: ${unknownName(name, [...byName.keys()])}`);
  }
  return { settings, problems };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const assign = (tree: Record<string, unknown>, path: readonly string[], value: unknown): void => {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const child = isRecord(tree[key]) ? tree[key] : {};
  tree[key] = child;
  assign(child, rest, value);
};

/** Later settings win. An empty group that gets members (`commands: {}`) stops being a value of its own. */
const merge = (settings: readonly Setting[]) => {
  const tree: Record<string, unknown> = {};
  const origins = new Map<string, Setting>();
  for (const setting of settings) {
    assign(tree, setting.path, setting.value);
    for (let length = 1; length < setting.path.length; length++)
      origins.delete(setting.path.slice(0, length).join('.'));
    origins.set(setting.path.join('.'), setting);
  }
  return { tree, origins };
};

/** Where a path was written: the line itself if the file has one, else the origin of its nearest ancestor. */
const locate = (path: readonly string[], file: string, layer: Layer, origins: ReadonlyMap<string, Setting>): string => {
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length).join('.');
    const origin = origins.get(key)?.origin;
    if (origin !== undefined && !origin.startsWith('file ')) return origin;
    const line = layer.lines.get(key);
    if (line !== undefined) return `${file}:${line}`;
  }
  return file;
};

const knownKeys = (path: readonly string[]): readonly string[] => {
  let schema: unknown = Config;
  for (const key of path) {
    if (schema instanceof z.ZodObject) schema = schema.shape[key];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};

/** The work of `loadConfig`, which loads this file when it is first called. */
export const mergeLayers = async ({ file, env, flags = [] }: ConfigSources): Promise<LoadedConfig> => {
  const defaults = flatten(await readBuiltIn('defaults'), () => 'default');
  const name = file ?? 'config.yaml';
  const fromFile = await fileLayer(file, name);
  const fromEnv = await envLayer(env, defaults);
  const fromFlags = flags.map(({ key, flag, value }) => ({ path: key.split('.'), value, origin: `flag ${flag}` }));

  const { tree, origins } = merge([...defaults, ...fromFile.settings, ...fromEnv.settings, ...fromFlags]);
  const parsed = Config.safeParse(tree);
  const place = { at: (path: readonly string[]) => locate(path, name, fromFile, origins), known: knownKeys };
  const problems = [...fromFile.problems, ...fromEnv.problems, ...describeIssues(parsed.error?.issues ?? [], place)];
  if (!parsed.success || problems.length > 0) throw new InvalidInput('the configuration is not valid', problems);

  const values = [...origins].map(([key, { value, origin }]) => ({ key, value, origin }));
  return { config: parsed.data, values: values.sort((a, b) => (a.key < b.key ? -1 : 1)) };
};
