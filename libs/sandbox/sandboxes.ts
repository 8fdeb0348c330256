import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentFolder, openAgentFolder } from './agent-folder.ts';
import { type Detected, detectSandbox, isolation } from './detect.ts';
import { hiddenFiles } from './hidden-files.ts';
import { prepareHome } from './home-folder.ts';
import { isWithin, type Mount, viewArguments } from './mounts.ts';
import { namedPaths, programWords } from './named-paths.ts';
import { localPorts } from './network/hosts.ts';
import { type OwnNetwork, openOwnNetwork } from './network/own-network.ts';
import type { AgentProgram, Needs, Program, SandboxPolicy } from './policy.ts';
import { type Environment, ofRootAlone, replaceableHome, systemView } from './system-view.ts';

/** Where one sandbox works. */
export interface SandboxPlace {
  /** Writable, at its own path. */
  readonly worktree: string;
  /** A folder for this sandbox alone: its home folder and its `/tmp` lie in it. */
  readonly scratch: string;
  /** A folder that stays from one sandbox to the next: caches of package managers. */
  readonly store: string;
  /** The environment of commands. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of the process that holds the network, so that it is found when its parent was killed. */
  readonly mark: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly isSecret: (line: string) => boolean;
}

export interface Sandbox {
  /** The same program in the sandbox. With `infoFd`, the number of its first process is written there as JSON. */
  readonly confine: (program: Program, needs?: Needs, infoFd?: number) => Program;
  /** Connections that were refused since the last call, as `host:port`. */
  readonly refused: () => readonly string[];
  /** Files that a program says are not there, and that are: they are not shown. */
  readonly hiddenIn: (output: string) => readonly string[];
  readonly end: () => void;
}

export interface Sandboxes {
  readonly policy: SandboxPolicy;
  /** What is in force here. Tried once. */
  readonly detect: () => Promise<Detected>;
  /** @throws when there is none here, or it cannot be made */
  readonly open: (place: SandboxPlace) => Promise<Sandbox>;
}

/** The sandboxes of one process. @param env of this process */
export const createSandboxes = (policy: SandboxPolicy, env: Environment): Sandboxes => {
  let detected: Promise<Detected> | null = null;
  let secrets: Promise<readonly Mount[]> | null = null;
  const detect = () => {
    detected ??= detectSandbox(policy, env);
    return detected;
  };
  return {
    policy,
    detect,
    open: async (place) => {
      const found = await detect();
      if (found.kind === 'none') throw new Error(found.reason);
      secrets ??= ofRootAlone('/etc');
      return openSandbox(policy, { ...found, secrets: await secrets }, place, env);
    },
  };
};

/** For people and for the log. */
export const nameOfSandbox = ({ network }: SandboxPolicy): string => `bubblewrap (network: ${network})`;

const expand = (paths: readonly string[], home: string | null): readonly string[] =>
  paths
    .map((path) => (path.startsWith('~/') && home !== null ? join(home, path.slice(2)) : path))
    .filter((path) => path.startsWith('/') && existsSync(path));

const upstreamOf = (env: Environment): string | undefined => {
  const url = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy;
  return url !== undefined && URL.canParse(url) && url.startsWith('http://') ? url : undefined;
};

type Found = Extract<Detected, { kind: 'bubblewrap' }> & { readonly secrets: readonly Mount[] };

const networkOf = async (policy: SandboxPolicy, found: Found, place: SandboxPlace, env: Environment) => {
  const refused = new Set<string>();
  const logins = new Map<string, readonly string[]>();
  if (policy.network !== 'allow-list') return { network: null, refused, logins };
  const shared = [...policy.data.hosts, ...policy.allow];
  const all = [policy, { allow: policy.models }, ...Object.values(policy.engines)].flatMap(({ allow }) => allow ?? []);
  const network = await openOwnNetwork({
    ...found,
    env: { PATH: env.PATH ?? '', ...place.mark },
    localPorts: localPorts(all),
    allow: (login) => [...shared, ...((login !== null && logins.get(login)) || [])],
    upstream: upstreamOf(env),
    refused: (target) => refused.add(target),
  });
  return { network, refused, logins };
};

const mountsOf = async (
  { data }: SandboxPolicy,
  { secrets }: Found,
  place: SandboxPlace,
  home: string | null,
): Promise<readonly Mount[]> => {
  const { scratch, store, variables, isSecret } = place;
  const tmp = join(scratch, 'tmp');
  await mkdir(tmp, { recursive: true });
  const [system, own] = await Promise.all([
    systemView({ data, home, variables, secrets }),
    home === null ? [] : prepareHome({ home, data, folder: join(scratch, 'home'), store, isSecret }),
  ]);
  return [
    ...system,
    ...own,
    { kind: 'write', path: '/tmp', source: tmp },
    { kind: 'memory', path: '/var/tmp' },
    ...place.mounts,
    { kind: 'write', path: place.worktree },
  ];
};

const needed = (needs: Needs, home: string | null, mounts: readonly Mount[]): readonly Mount[] => {
  // What a link leads to is a part of the system, and shown: nothing can be laid over what is behind it.
  const shown = mounts.filter(({ kind }) => ['read', 'write', 'link'].includes(kind)).map(({ path }) => path);
  const hidden = new Set(mounts.filter(({ kind }) => kind.startsWith('hide')).map(({ path }) => path));
  const isCovered = (path: string) =>
    !hidden.has(path) && shown.some((place) => isWithin(path, place) && place !== home && place !== '/tmp');
  return [
    ...expand(needs.read ?? [], home).flatMap((path): Mount[] => (isCovered(path) ? [] : [{ kind: 'read', path }])),
    ...expand(needs.write ?? [], home).map((path): Mount => ({ kind: 'write', path })),
  ];
};

const settings = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]);

const openSandbox = async (
  policy: SandboxPolicy,
  found: Found,
  place: SandboxPlace,
  env: Environment,
): Promise<Sandbox> => {
  const home = replaceableHome(place.variables.HOME, policy.data);
  const [mounts, { network, refused, logins }] = await Promise.all([
    mountsOf(policy, found, place, home),
    networkOf(policy, found, place, env),
  ]);
  const variables = (hosts: readonly string[]) => {
    const login = hosts.length === 0 || network === null ? undefined : randomBytes(16).toString('hex');
    if (login !== undefined) logins.set(login, hosts);
    return { ...(home === null ? { HOME: '/tmp' } : {}), TMPDIR: '/tmp', ...network?.variables(login) };
  };
  const base = [...mounts, ...needed(policy, home, mounts)];
  const kernel = kernelOf(policy);
  const common = viewArguments(base, kernel);
  const agents = createAgentFolders(place, home);
  return {
    confine: (program, needs, infoFd) => {
      const known = needs === undefined ? [] : knownAgents(policy, needs, program);
      const folders = known.map((agent) => agents.open(agent, needs?.environment ?? {}));
      const all = needs === undefined ? {} : allNeeds(policy, needs, program, place, home);
      const own = [...folders.flatMap((folder) => folder.mounts), ...needed(all, home, base)];
      const view = own.length === 0 ? common : viewArguments([...base, ...own], kernel);
      const hosts = [...(all.allow ?? []), ...known.flatMap((agent) => agent.hosts)];
      const told = Object.assign(variables(hosts), ...folders.map((folder) => folder.variables));
      const [file = found.bubblewrap, ...args] = [...enterOf(network), found.bubblewrap, ...isolation(policy), ...view];
      const info = infoFd === undefined ? [] : ['--info-fd', String(infoFd)];
      return { file, args: [...args, ...settings(told), ...info, '--', program.file, ...program.args] };
    },
    refused: () => {
      const targets = [...refused];
      refused.clear();
      return targets;
    },
    hiddenIn: (output) => hiddenFiles(output, base),
    end: () => {
      agents.end();
      network?.end();
    },
  };
};

/** The folders of agents in one sandbox, each made when its program is first started. */
const createAgentFolders = ({ scratch, store }: SandboxPlace, home: string | null) => {
  const opened = new Map<string, AgentFolder>();
  return {
    open: (agent: AgentProgram, environment: Readonly<Record<string, string>>): AgentFolder => {
      const known = opened.get(agent.name);
      if (known !== undefined) return known;
      const none: AgentFolder = { mounts: [], variables: {}, end: () => undefined };
      const folder = home === null ? none : openAgentFolder(agent, { home, scratch, store, environment });
      opened.set(agent.name, folder);
      return folder;
    },
    end: () => {
      for (const folder of opened.values()) folder.end();
    },
  };
};

/** Only files of the superuser are there, and bubblewrap leaves those of `/proc/sys` as they are. */
const kernelOf = ({ data }: SandboxPolicy): readonly string[] =>
  process.getuid?.() === 0 ? data.kernel.filter((path) => existsSync(path)) : [];

const enterOf = (network: OwnNetwork | null): readonly string[] => network?.enter ?? [];

/** The agent that an engine says it starts, else those that a command line names: by a word, or the last part of a path. */
const knownAgents = ({ agents }: SandboxPolicy, needs: Needs, program: Program): readonly AgentProgram[] => {
  const words = programWords(program).flatMap((word) => word.split('/'));
  const isNamed = (agent: AgentProgram) => {
    const named = new RegExp(`^(?:${agent.program.source})(?:@[^/]*|\\.m?js)?$`);
    return words.some((word) => named.test(word));
  };
  return agents.filter((agent) => (needs.agent === undefined ? isNamed(agent) : agent.name === needs.agent));
};

/** What an engine says that its program needs, what the configuration says of it, and what its command line names. */
const allNeeds = (
  policy: SandboxPolicy,
  needs: Needs,
  program: Program,
  place: SandboxPlace,
  home: string | null,
): Needs => {
  const more = needs.engine === undefined ? {} : (policy.engines[needs.engine] ?? {});
  const named = namedPaths(program, place.variables.PATH ?? '', home ?? '/root');
  const all: readonly Needs[] = [needs, more];
  return {
    allow: [...policy.models, ...all.flatMap(({ allow }) => allow ?? [])],
    read: [...all.flatMap(({ read }) => read ?? []), ...named],
    write: all.flatMap(({ write }) => write ?? []),
  };
};
