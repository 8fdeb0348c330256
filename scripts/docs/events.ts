import { Event } from '#events';
import { code, type Generator, page, table } from './generator.ts';
import { toJsonSchema, typeText } from './json-schema.ts';

const section = (schema: (typeof Event.options)[number]): string => {
  const { type, v, data } = schema.shape;
  const { properties = {}, required = [] } = toJsonSchema(data);
  const rows = Object.entries(properties).map(([field, definition]) => [
    code(field),
    code(typeText(definition)),
    [required.includes(field) ? '' : 'optional', definition.description ?? ''].filter(Boolean).join('; '),
  ]);
  const heading = `## \`${type.value}\` version ${v.value}`;
  return `${heading}\n\n${rows.length > 0 ? table(['field', 'type', 'meaning'], rows) : 'Carries no data.'}`;
};

export const events: Generator = {
  page: 'events.md',
  about: 'every fact that the log can hold, with its fields',
  generate: async () =>
    page(
      'Events',
      'What the log holds. A published version never changes: a change is a new version and an upcaster from the one before.',
      `Around each event is an envelope: ${['id', 'stream', 'version', 'type', 'v', 'time', 'actor', 'correlationId', 'causationId', 'hash', 'data'].map(code).join(', ')}.`,
      ...Event.options.map(section),
    ),
};
