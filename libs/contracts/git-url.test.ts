import { expect, test } from 'vitest';
import { gitUrlText, parseGitUrl } from './git-url.ts';

const stored = (text: string): string | null => {
  const answer = parseGitUrl(text);
  return answer && 'gitUrl' in answer ? gitUrlText(answer.gitUrl) : null;
};
const problem = (text: string): string => {
  const answer = parseGitUrl(text);
  return answer && 'problem' in answer ? answer.problem : '';
};

test.each([
  ['https://github.com/owner/name.git', 'https://github.com/owner/name.git'],
  ['HTTPS://GitHub.com:443/owner/name/', 'https://github.com/owner/name'],
  ['http://git.local:3000/owner/name#release/2', 'http://git.local:3000/owner/name#release/2'],
  ['ssh://git@Host.example:2222/owner/name.git#v1.2', 'ssh://git@host.example:2222/owner/name.git#v1.2'],
  ['git@GitHub.com:owner/name.git', 'git@github.com:owner/name.git'],
  ['git@github.com:owner/name.git#main', 'git@github.com:owner/name.git#main'],
  ['file:///srv/git/name.git', 'file:///srv/git/name.git'],
  ['file:///srv/my repo.git#', 'file:///srv/my%20repo.git'],
])('%s is stored as %s', (given, expected) => expect(stored(given)).toBe(expected));

test.each(['/srv/name', 'name', '../a:b', 'host:owner/name', 'C:\\name', 'ext::sh -c id'])('%s is no git URL', (text) =>
  expect(parseGitUrl(text)).toBeNull(),
);

test.each([
  'https://ada:s3cret@github.com/owner/name',
  'https://s3cret@github.com/owner/name',
  'https://s3cret:x-oauth-basic@github.com/owner/name',
  'ssh://git:s3cret@github.com/owner/name',
  'https://github.com/owner/name?access_token=s3cret',
])('a secret in a URL is refused and not repeated: %s', (text) => {
  expect(problem(text)).toMatch(/take it out, and put it into git's credential helper/);
  expect(problem(text)).not.toContain('s3cret');
});

test.each([
  ['git://host/name', /git:\/\/ is not taken: use https:\/\//],
  ['ftp://host/name', /ftp:\/\/ is not taken/],
  ['https://github.com/', /names no repository/],
  ['ssh://-oProxyCommand=id/name', /cannot be read|names no host/],
  ['file://host/name', /three slashes/],
  ['https://host/name#a..b', /no name of a branch/],
  ['https://host/name#--upload-pack=id', /no name of a branch/],
])('%s is refused', (text, why) => expect(problem(text)).toMatch(why));
