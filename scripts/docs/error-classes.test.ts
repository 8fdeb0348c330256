import ts from 'typescript';
import { expect, test } from 'vitest';
import { findErrorClasses, findRules } from './error-classes.ts';

const BASE = `
  abstract class StudioError { abstract readonly code: string; abstract readonly remedy: string; }
  class RuleViolation { constructor(rule: string, message: string) {} }
`;

/** A program of one file that exists nowhere. */
const program = (text: string): ts.Program => {
  const options = { strict: true, noLib: true, target: ts.ScriptTarget.ES2023 };
  const source = ts.createSourceFile('a.ts', `${BASE}${text}`, options.target, true);
  const host = ts.createCompilerHost(options);
  return ts.createProgram(['a.ts'], options, {
    ...host,
    getSourceFile: (name) => (name === 'a.ts' ? source : undefined),
  });
};

test('a concrete class below StudioError is listed with its code, remedy and comment', () => {
  const text = `
    /** The disk
     * is full. */
    class Full extends StudioError { readonly code = 'disk.full'; readonly remedy = 'retry'; }`;
  expect(findErrorClasses(program(text))).toEqual([
    { name: 'Full', codes: ['disk.full'], remedies: ['retry'], meaning: 'The disk is full.' },
  ]);
});

test('a code that is put together from a union is listed once for each of its values', () => {
  const text = `
    type Fault = 'silent' | 'corrupt';
    class Failed extends StudioError { declare readonly code: \`redis.\${Fault}\`; readonly remedy = 'none'; }`;
  expect(findErrorClasses(program(text))[0]?.codes).toEqual(['redis.corrupt', 'redis.silent']);
});

test('a class has the code and remedy of its parent where it names none', () => {
  const text = `
    class Full extends StudioError { readonly code = 'disk.full'; readonly remedy = 'retry'; }
    class Nearer extends Full {}`;
  const found = findErrorClasses(program(text)).map(({ name, codes }) => [name, codes]);
  expect(found).toEqual([
    ['Full', ['disk.full']],
    ['Nearer', ['disk.full']],
  ]);
});

test('an abstract class and a class that is no StudioError are not listed', () => {
  const text = `abstract class Middle extends StudioError {} class Other { readonly code = 'x'; }`;
  expect(findErrorClasses(program(text))).toEqual([]);
});

test('a rule is listed once, with the messages of every place that checks it', () => {
  const text = `
    declare const id: string;
    throw new RuleViolation('paused', \`run \${id} is paused\`);
    throw new RuleViolation('paused', 'go on first');`;
  expect(findRules(program(text))).toEqual([{ name: 'paused', message: 'run … is paused · go on first' }]);
});

test('a rule that could be any string is refused, because the reference could not list it', () => {
  const text = `declare const rule: string; throw new RuleViolation(rule, 'no');`;
  expect(() => findRules(program(text))).toThrow(/a\.ts.*any string/);
});
