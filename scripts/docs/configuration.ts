import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { Config } from '#contracts';
import { code, type Generator, page, table } from './generator.ts';
import { type JsonSchema, toJsonSchema, typeText } from './json-schema.ts';

const DEFAULTS = new URL('../../data/defaults.yaml', import.meta.url);

const Section = z.record(z.string(), z.unknown());

const row = (
  section: string,
  key: string,
  schema: JsonSchema,
  defaults: z.infer<typeof Section>,
): readonly string[] => [
  code(`${section}.${key}`),
  code(typeText(schema)),
  code(JSON.stringify(defaults[key])),
  code(`STUDIO_${section}_${key}`.toUpperCase()),
  schema.description ?? '',
];

export const configuration: Generator = {
  page: 'configuration.md',
  about: 'every key of `.studio/config.yaml`, its default and its variable',
  generate: async () => {
    const defaults = z.record(z.string(), Section).parse(parse(await readFile(DEFAULTS, 'utf8')));
    const sections = Object.entries(toJsonSchema(Config).properties ?? {}).map(([name, section]) => {
      const rows = Object.entries(section.properties ?? {}).map(([key, schema]) =>
        row(name, key, schema, defaults[name] ?? {}),
      );
      return `## ${name}\n\n${table(['key', 'type', 'default', 'environment', 'meaning'], rows)}`;
    });
    return page(
      'Configuration',
      'One file, `.studio/config.yaml`. A flag wins over the environment, the environment over the file, the file over the default. A key that is not here is refused.',
      ...sections,
    );
  },
};
