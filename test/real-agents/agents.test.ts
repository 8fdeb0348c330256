import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, expect, type TestContext, test } from 'vitest';
import type { Recorded } from '#events';
import { detectSandbox } from '#sandbox';
import { makeExampleWorkspace } from '../../scripts/example-workspace.mjs';
import { untilBranch } from '../support/branch.ts';
import { marksOf, processesOf } from '../support/marked-processes.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { sandboxPolicy } from '../support/sandbox-policy.ts';
import { type Scene, setScene, submitUntilTaken } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';
import { REAL_AGENTS, type RealAgent } from './catalogue.ts';
import { agentsCache, installAgent } from './install.ts';
import { CALLS, GOAL, italian, TEST_FILE, TURNS } from './italian.ts';

/** Coding agents that others wrote do a real change through Studio; only their model is scripted. */

/** They work in the sandbox where there is one. */
const inForce = detectSandbox(sandboxPolicy(), process.env);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Stage {
  readonly scene: Scene;
  readonly server: ModelServer;
  readonly repository: string;
  readonly home: string;
}

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const repositoryIn = async (folder: string): Promise<string> => {
  await cp(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
  return makeExampleWorkspace(folder);
};

/** The section of its engine. A preset of a program finds it on the PATH. */
const engineOf = async (agent: RealAgent, folder: string, bin: string, env: readonly string[]): Promise<object> => {
  const { name, preset } = agent;
  const spoken = agent.speaks(folder);
  if ('protocol' in spoken) return { agents: { [name]: { preset, command: spoken.protocol, env } } };
  await symlink(spoken.program, join(bin, preset));
  return { commands: { [name]: { preset } } };
};

const setStage = async (agent: RealAgent, folder: string): Promise<Stage> => {
  const server = await startModelServer({ scenarios: { [agent.name]: italian } });
  open.push(() => server.close());
  // Codex puts no programs of its own below a folder for temporary files.
  const home = await mkdtemp(join(agentsCache(), 'home-'));
  open.push(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const bin = join(home, '.local', 'bin');
  await mkdir(bin, { recursive: true });
  const environment = await agent.environment({ url: server.url(agent.name), home });
  const scene = await setScene({
    env: { HOME: home, PATH: `${bin}:${process.env.PATH ?? ''}`, STUDIO_SANDBOX_MODE: 'auto', ...environment },
  });
  open.push(() => scene.end());
  const config = {
    engines: { default: agent.name, ...(await engineOf(agent, folder, bin, Object.keys(environment))) },
    sandbox: { mode: 'auto', allow: [`localhost:${server.port}`] },
  };
  await mkdir(join(scene.folder, 'host', '.studio'), { recursive: true });
  await writeFile(join(scene.folder, 'host', '.studio', 'config.yaml'), JSON.stringify(config));
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
  return { scene, server, home, repository: await repositoryIn(scene.folder) };
};

/** The folder where it is installed; without one the test is skipped and says why. */
const installedOrSkipped = async ({ specifier }: RealAgent, { skip }: TestContext): Promise<string> => {
  const installed = await installAgent(specifier);
  return 'folder' in installed ? installed.folder : skip(installed.reason);
};

/** What it did and was told, for whoever has to find out why it failed. */
const storyOf = (events: readonly Recorded[], { requests }: ModelServer): string =>
  [
    ...events.flatMap((event) => (event.type === 'agent.progressed' ? [event.data.message] : [])),
    ...requests.map((request) => JSON.stringify(request).slice(0, 300)),
  ].join('\n');

const milestones = (events: readonly Recorded[]): readonly string[] =>
  events.flatMap((event) => {
    if (event.type === 'plan.created') return [`plan by ${event.data.source}`];
    if (event.type === 'step.succeeded') return [event.data.step];
    if (event.type === 'gate.passed') return [`gate ${event.data.gate}`];
    if (event.type === 'failure.recorded') return [`failed: ${event.data.error}`];
    return [];
  });

/** One that asks a person never ends: nobody is there. */
const untilEndedOrStuck = async ({ studio }: Scene, id: string): Promise<void> => {
  const stands = () =>
    studio.state(id).then(({ outcome, interactions }) => ({ outcome, isAsked: interactions.length > 0 }));
  const isOver = async () =>
    stands().then(
      ({ outcome, isAsked }) => outcome !== null || isAsked,
      () => false,
    );
  await waitUntil('the run has ended', isOver, 480_000);
};

test.for(REAL_AGENTS.map((agent) => [agent.name, agent] as const))(
  '%s plans and builds a change of the example',
  { timeout: 600_000 },
  async ([, agent], context) => {
    const folder = await installedOrSkipped(agent, context);
    const { scene, server, repository } = await setStage(agent, folder);
    const id = await submitUntilTaken(scene.studio, { goal: GOAL, workspace: repository, workflow: 'plan_then_build' });
    await untilEndedOrStuck(scene, id);

    const git = async (...args: readonly string[]) =>
      (await execa('git', args, { cwd: repository, stripFinalNewline: false })).stdout;

    const events = await scene.studio.events(id);
    expect(milestones(events), storyOf(events, server)).toEqual([
      `plan by engine ${agent.name}`,
      'step_1',
      'step_2',
      'gate lint',
      'gate typecheck',
      'gate test',
    ]);
    const sandboxes = events.flatMap((event) => (event.type === 'workspace.prepared' ? [event.data.sandbox] : []));
    expect(new Set(sandboxes.map((name) => name.split(' ')[0]))).toEqual(new Set([(await inForce).kind]));
    const { outcome, spend } = await scene.studio.state(id);
    expect(outcome?.kind).toBe('completed');
    const told = agent.tellsLastCall ? TURNS : CALLS;
    expect(spend).toMatchObject({ input_tokens: told * 1_200, output_tokens: told * 50, usd: expect.any(Number) });
    expect(spend.usd).toBeGreaterThan(0);
    await untilBranch(repository, id);
    const show = (path: string) => git('show', `studio/${id}:${path}`);
    expect(await show('test/italian.test.ts')).toBe(TEST_FILE);
    expect(await show('src/greetings.ts')).toContain("  it: 'Ciao',\n  ja:");

    const asked = server.requests
      .filter(({ side }) => !side)
      .map(({ calls, asked }) => `${calls}: ${asked.slice(-60)}`);
    expect(asked.length, asked.join('\n\n')).toBe(CALLS);
    const leases = events.filter(({ type }) => type === 'agent.started').map(({ version }) => version);
    const left = async () => [
      ...(await processesOf(folder)),
      ...(await Promise.all(leases.map((lease) => marksOf(id, lease)))).flat(),
    ];
    await waitUntil('the agent is gone with all that it started', async () => (await left()).length === 0);
    expect(await auditOrchestrations(scene)).toEqual([]);
  },
);
