import { Liquid } from 'liquidjs';
import { mapTexts } from '../map-texts.ts';
import { escapeRegex } from '../operations/edit-text.ts';
import { matchAll } from './safe-match.ts';

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `text` in the case of `model`, where that is Capitalised or UPPER; else as it is. */
const like = (text: string, model: string): string => {
  if (model.length > 1 && model === model.toUpperCase() && model !== model.toLowerCase()) return text.toUpperCase();
  return model === capitalise(model.toLowerCase()) ? capitalise(text) : text;
};

/**
 * Liquid computes text and runs no code; every value it may see is an own property of the scope. Include, render and
 * layout find nothing, because templates come from a map that is empty. An unknown name is an error, not an empty text.
 */
const createEngine = (): Liquid => {
  const liquid = new Liquid({
    templates: {},
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: 1e6,
    renderLimit: 1_000,
    memoryLimit: 1e7,
  });
  liquid.registerFilter('shell', (value: unknown) => shellWord(String(value)));
  liquid.registerFilter('like', (value: unknown, model: unknown) => like(String(value), String(model)));
  liquid.registerFilter('slug', (value: unknown) =>
    String(value)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  );
  liquid.registerFilter('regex', (value: unknown) => escapeRegex(String(value)));
  liquid.registerFilter('matches', (value: unknown, expression: unknown) =>
    Boolean(matchAll(String(expression), 'u', String(value))[0]),
  );
  return liquid;
};

const liquid = createEngine();

export type Scope = Readonly<Record<string, unknown>>;

/** Renders one text. @throws an error with the place in the template */
export const renderText = (template: string, scope: Scope): string =>
  template.includes('{') ? String(liquid.parseAndRenderSync(template, { ...scope })) : template;

/** Whether an expression such as `found.readme` holds. Nothing, `false` and `nil` do not. */
export const holds = (condition: string, scope: Scope): boolean =>
  liquid.parseAndRenderSync(`{% if ${condition} %}yes{% endif %}`, { ...scope }) === 'yes';

/** Renders every text inside a value of plain data, keeping its shape. */
export const renderDeep = <Value>(value: Value, scope: Scope): Value =>
  mapTexts(value, (text) => renderText(text, scope));
