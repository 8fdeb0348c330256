import { expect, test } from 'vitest';
import { isAllowed, isOwnAddress, localPorts, parseTarget } from './hosts.ts';

const allowed = (target: string, ...allow: readonly string[]) => {
  const parsed = parseTarget(target);
  return parsed !== null && isAllowed(parsed, allow);
};

test('a host is allowed as it is named, on the ports of the web or on its own', () => {
  expect(allowed('example.com:443', 'example.com')).toBe(true);
  expect(allowed('EXAMPLE.com.:80', 'example.com')).toBe(true);
  expect(allowed('example.com:22', 'example.com')).toBe(false);
  expect(allowed('example.com:8443', 'example.com:8443')).toBe(true);
  expect(allowed('example.com:443', 'example.com:8443')).toBe(false);
  expect(allowed('notexample.com:443', 'example.com')).toBe(false);
  expect(allowed('example.com.evil.net:443', 'example.com', '*.example.com')).toBe(false);
});

test('a wildcard stands for names below it, never for the name itself or an address', () => {
  expect(allowed('a.b.example.com:443', '*.example.com')).toBe(true);
  expect(allowed('example.com:443', '*.example.com')).toBe(false);
  expect(allowed('10.0.0.1:443', '*.1')).toBe(false);
});

test('this machine is reached by port only, never through the proxy', () => {
  expect(localPorts(['localhost:5432', '127.0.0.1:6379', 'example.com:80', 'localhost:5432'])).toEqual([5432, 6379]);
  expect(allowed('localhost:5432', 'localhost:5432')).toBe(false);
  for (const address of [
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '169.254.169.254',
    '::1',
    '::',
    'fe80::1',
    '::ffff:127.0.0.1',
  ])
    expect([address, isOwnAddress(address)]).toEqual([address, true]);
  expect(isOwnAddress('93.184.216.34')).toBe(false);
});

test('what names no host and port is none', () => {
  for (const text of ['', 'example.com', 'example.com:0', 'example.com:99999', 'a@b:80', 'a/b:80', ':80'])
    expect([text, parseTarget(text)]).toEqual([text, null]);
});
