import { expect, test } from 'vitest';
import { changeOf, describeEnvironment } from './host-environment.ts';

const STARTED = { PATH: '/usr/bin:/bin', ANTHROPIC_API_KEY: 'sk-one', TERM: 'xterm', STUDIO_DIR: '/a' };
const host = describeEnvironment(STARTED);

test('a key, a setting or a folder of the PATH that is new to a host is named', () => {
  const env = {
    ...STARTED,
    ANTHROPIC_API_KEY: 'sk-two',
    STUDIO_SANDBOX_MODE: 'required',
    PATH: '/bin:/opt/claude:/usr/bin',
  };
  expect(changeOf(host, env)).toEqual({
    news: ['ANTHROPIC_API_KEY', 'STUDIO_SANDBOX_MODE', '/opt/claude on the PATH'],
    lost: [],
  });
});

test('what a terminal lacks that a host has is named, so that no key is lost by a look from elsewhere', () => {
  expect(changeOf(host, { PATH: '/bin', STUDIO_SANDBOX_MODE: 'off' })).toEqual({
    news: ['STUDIO_SANDBOX_MODE'],
    lost: ['ANTHROPIC_API_KEY', '/usr/bin on the PATH'],
  });
});

test('what says nothing of models or settings is no difference', () => {
  expect(changeOf(host, { ...STARTED, TERM: 'dumb', STUDIO_DIR: '/b', EDITOR: 'vi' })).toEqual({ news: [], lost: [] });
});

test('a value is not in the file of the host', () => expect(JSON.stringify(host)).not.toContain('sk-one'));
