import { expect, test } from 'vitest';
import { holds, renderDeep, renderText } from './templates.ts';

test('texts are rendered wherever they are, and nothing else changes', () => {
  const value = { a: '{{ x }}', b: [1, true, null, { c: 'pre {{ x | upcase }}' }] };
  expect(renderDeep(value, { x: 'y' })).toEqual({ a: 'y', b: [1, true, null, { c: 'pre Y' }] });
});

test('a name that is not known is an error, not an empty text', () => {
  expect(() => renderText('{{ typo }}', {})).toThrow(/typo/);
});

test('a template reaches no prototype, no constructor and no file', () => {
  for (const template of [
    '{{ x.constructor.name }}',
    '{{ x.__proto__ }}',
    "{% include '/etc/passwd' %}",
    "{% render 'a' %}",
  ]) {
    expect(() => renderText(template, { x: {} }), template).toThrow();
  }
});

test('a template that would go on for ever is ended', () => {
  const nested = '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}';
  expect(() => renderText(nested, {})).toThrow(/limit/);
});

test('a condition holds for what is there, and not for nothing', () => {
  const scope = { found: { a: { file: 'x' }, b: null }, list: ['p'] };
  expect(holds('found.a', scope)).toBe(true);
  expect(holds('found.b', scope)).toBe(false);
  expect(holds('found.missing', scope)).toBe(false);
  expect(holds("list contains 'p' and not list contains 'q'", scope)).toBe(true);
  expect(holds("found.a.file | matches: '^x$'", scope)).toBe(true);
});

test('a text in a command is one word of the shell, whatever it holds', () => {
  expect(renderText('{{ x | shell }}', { x: 'plain-1.0/@a' })).toBe('plain-1.0/@a');
  expect(renderText('{{ x | shell }}', { x: "a'; rm -rf $HOME" })).toBe(`'a'\\''; rm -rf $HOME'`);
  expect(renderText('{{ x | shell }}', { x: '' })).toBe("''");
});

test('a word takes the case of the one it replaces', () => {
  const like = (to: string, text: string) => renderText('{{ to | like: text }}', { to, text });
  expect([like('receive', 'recieve'), like('receive', 'Recieve'), like('receive', 'RECIEVE')]).toEqual([
    'receive',
    'Receive',
    'RECEIVE',
  ]);
  expect(like('iPhone', 'iPhnoe')).toBe('iPhone');
});
