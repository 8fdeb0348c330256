import { type BrowserVerification, WorkspacePath } from '#contracts';

/** What a page has to be like. Of a title and an address a part is enough. */
export type PageAssertion =
  | { readonly about: 'text' | 'title' | 'url' | 'visible' | 'hidden'; readonly value: string }
  | { readonly about: 'errors' };

const NAMED = /^(text|title|url|visible|hidden):\s*(.*)$/s;
const FORMS =
  'text: …, title: …, url: …, visible: <selector>, hidden: <selector>, no errors, or a text without such a word';
/** Somebody meant a form that is none: to take it for a text would fail for a reason that nobody sees. */
const LIKE_A_FORM = /^(?:[a-z][a-z_-]*:(?:\s|$)|no(?: [a-z]+)? errors?$)/;

/** @returns what an assertion says, or why it says nothing */
export const parseAssertion = (assertion: string): PageAssertion | { readonly problem: string } => {
  const text = assertion.trim();
  if (text === 'no errors') return { about: 'errors' };
  const [, name, named] = NAMED.exec(text) ?? [];
  const value = named ?? text;
  if (value === '') return { problem: `the assertion "${assertion}" names nothing` };
  if (name === undefined && LIKE_A_FORM.test(text))
    return { problem: `the assertion "${assertion}" is not understood: expected ${FORMS}` };
  // The expression knows no other names.
  return { about: (name ?? 'text') as 'text' | 'title' | 'url' | 'visible' | 'hidden', value };
};

export const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url);

const addressProblems = ({ url, serve }: BrowserVerification): readonly string[] => {
  if (isWebAddress(url)) {
    if (!URL.canParse(url.replaceAll('{port}', '1'))) return [`"${url}" is not an address`];
    return url.includes('{port}') && serve === undefined
      ? [`"${url}" has a {port}, which only serve fills in: name the command that serves the page`]
      : [];
  }
  if (/^[\w.-]+:\d/.test(url)) return [`"${url}" is neither an address nor a path: did you mean http://${url}?`];
  if (serve !== undefined) return [`"${url}" is a path, and serve is for an address: http://127.0.0.1:{port}/`];
  return (WorkspacePath.safeParse(url).error?.issues ?? []).map(({ message }) => `"${url}": ${message}`);
};

/** Why a check in a browser could not be carried out as it stands, wherever it were tried. */
export const browserProblems = (check: BrowserVerification): readonly string[] => [
  ...addressProblems(check),
  ...check.actions.flatMap(({ action, target, value }) => {
    if (target.trim() === '') return [`the action ${action} has no target`];
    return action === 'type' && value === undefined ? [`the action type has no value for ${target}`] : [];
  }),
  ...(check.assertions.length === 0 ? ['a check in a browser asserts something: say what the page shows'] : []),
  ...check.assertions.map(parseAssertion).flatMap((parsed) => ('problem' in parsed ? [parsed.problem] : [])),
];
