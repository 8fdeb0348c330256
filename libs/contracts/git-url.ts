/** A workspace that is not a folder of one machine: a repository that every machine fetches from and pushes to. */
export interface GitUrl {
  /** As git takes it. */
  readonly url: string;
  /** The branch or tag that work begins at; `null`: whatever HEAD is there. */
  readonly ref: string | null;
}

export type GitUrlAnswer = { readonly gitUrl: GitUrl } | { readonly problem: string };

const ACCEPTED = 'https://, http://, ssh://, file:// or user@host:path';
const SCHEME = /^([a-z][a-z\d+.-]*):\/\//i;
/** As ssh has it. Without a user it could be a path as well. */
const SCP = /^([a-z\d_][\w.-]*)@((?:\[[\da-f:.]+\]|[a-z\d][\w.-]*)):(?!\/\/)([^\s]+)$/i;

/** The rules of git for names, and none that could be taken for an option. */
const NOT_IN_A_REF = /^[-/.]|[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$/u;

const HELPER = "put it into git's credential helper on the machines that build, or use ssh";

const secretIn = ({ protocol, username, password, search }: URL): string | null => {
  if (password !== '') return `there is a password in it: take it out, and ${HELPER}`;
  // Services take a token in the place of a name: nobody can tell them apart.
  if (protocol !== 'ssh:' && username !== '')
    return `there is a name or a token before the host: take it out, and ${HELPER}`;
  return search === '' ? null : `there is a query in it, which may hold a token: take it out, and ${HELPER}`;
};

const placeProblem = ({ protocol, hostname, pathname }: URL): string | null => {
  if (pathname.replaceAll('/', '') === '') return 'it names no repository after the host';
  if (protocol === 'file:')
    return hostname === '' ? null : 'a file:// URL has three slashes, and a path of the machine that builds';
  return hostname === '' || hostname.startsWith('-') ? 'it names no host' : null;
};

const withRef = (url: string, ref: string | undefined): GitUrlAnswer => {
  if (ref === undefined || ref === '') return { gitUrl: { url, ref: null } };
  return NOT_IN_A_REF.test(ref) || ref.length > 255
    ? { problem: 'what follows # is no name of a branch or tag' }
    : { gitUrl: { url, ref } };
};

const withoutSlashes = (path: string): string => path.replace(/\/+$/, '');

const parseWithScheme = (text: string): GitUrlAnswer => {
  let parsed: URL;
  try {
    parsed = new URL(text);
  } catch {
    return { problem: `it cannot be read: it looks like ${ACCEPTED}` };
  }
  const { protocol, username, host, pathname } = parsed;
  if (!['https:', 'http:', 'ssh:', 'file:'].includes(protocol))
    return { problem: `${protocol}// is not taken: use ${ACCEPTED}` };
  const problem = secretIn(parsed) ?? placeProblem(parsed);
  if (problem !== null) return { problem };
  const user = username === '' ? '' : `${username}@`;
  const at = text.indexOf('#');
  return withRef(
    `${protocol}//${user}${host.toLowerCase()}${withoutSlashes(pathname)}`,
    at < 0 ? undefined : text.slice(at + 1),
  );
};

const parseScp = (user: string, host: string, rest: string): GitUrlAnswer => {
  const [path = '', ref] = rest.split(/#(.*)/s, 2);
  const place = withoutSlashes(path);
  if (place === '') return { problem: 'it names no repository after the host' };
  return withRef(`${user}@${host.toLowerCase()}:${place}`, ref);
};

/**
 * A git URL as it is stored: two ways to write one are the same workspace. A problem never repeats what was given, since
 * that may hold a secret.
 * @returns `null` when the text is something else, a path perhaps
 */
export const parseGitUrl = (text: string): GitUrlAnswer | null => {
  if (SCHEME.test(text)) return parseWithScheme(text);
  const [, user, host, path] = SCP.exec(text) ?? [];
  return user === undefined || host === undefined || path === undefined ? null : parseScp(user, host, path);
};

export const gitUrlText = ({ url, ref }: GitUrl): string => (ref === null ? url : `${url}#${ref}`);

/** The git URL that a stored workspace is; `null`: it is a folder. */
export const gitUrlOf = (workspace: string): GitUrl | null => {
  const answer = parseGitUrl(workspace);
  return answer && 'gitUrl' in answer ? answer.gitUrl : null;
};
