import { expect, test } from 'vitest';
import { parseAssertion } from './browser-check.ts';

test.each([
  ['Hello, world', { about: 'text', value: 'Hello, world' }],
  ['Total: 5', { about: 'text', value: 'Total: 5' }],
  ['https://example.com', { about: 'text', value: 'https://example.com' }],
  ['No errors were found', { about: 'text', value: 'No errors were found' }],
  ['text: status: ok', { about: 'text', value: 'status: ok' }],
  ['title: Notes', { about: 'title', value: 'Notes' }],
  ['url:/done?x=1', { about: 'url', value: '/done?x=1' }],
  ['visible: role=button[name="Save"]', { about: 'visible', value: 'role=button[name="Save"]' }],
  ['hidden: #spinner', { about: 'hidden', value: '#spinner' }],
  [' no errors ', { about: 'errors' }],
])('the assertion %s is understood', (assertion, parsed) => expect(parseAssertion(assertion)).toEqual(parsed));

test.each(['', 'visible:', 'selector: #a', 'status: ok', 'no error', 'no failed errors'])(
  'the assertion "%s" is refused, and what is expected is named',
  (assertion) => expect(parseAssertion(assertion)).toHaveProperty('problem'),
);
