import { onTestFinished } from 'vitest';
import type { Plan, Usage } from '#contracts';
import { contextFor, temporaryFolder, writeFiles } from '../../../../test/contract/engine-fixtures.ts';
import type { Scenario } from '../../../../test/support/model-server/scenario.ts';
import { type ModelServer, startModelServer } from '../../../../test/support/model-server/server.ts';
import type { Engine, EngineContext, PlanRequest, StepRequest } from '../engine.ts';
import { createModelEngine } from './model-engine.ts';
import type { ModelEngineOptions, ModelLimits } from './options.ts';

export const KEY = 'local-dummy-key-0123456789';

export const PROVIDERS = ['anthropic', 'openai', 'openai-compatible'] as const;
type Provider = (typeof PROVIDERS)[number];

const limits: ModelLimits = {
  steps: 12,
  tokens: 1_000_000,
  contextTokens: 100_000,
  outputTokens: null,
  callMs: 120_000,
  silenceMs: 120_000,
};

type Overrides = Partial<Omit<ModelEngineOptions, 'limits'>> & { readonly limits?: Partial<ModelLimits> };

/** An engine whose provider is at that address. */
export const engineAt = (url: string, provider: Provider = 'anthropic', overrides: Overrides = {}): Engine =>
  createModelEngine({
    name: 'mind',
    provider,
    model: 'scripted',
    baseUrl: `${url}/v1`,
    key: { variable: 'MIND_KEY', value: KEY },
    settings: 'engines.models.mind',
    origin: 'engines.models.mind (provider, model, base_url)',
    can: { plan: true, work: true, decompose: true },
    timeoutMs: 120_000,
    backoffMs: 1,
    instructionsDir: 'data/instructions',
    ...overrides,
    limits: { ...limits, ...overrides.limits },
  });

/** A folder that nobody keeps versions of: made sooner than a repository, and enough for most of this. */
export const folderWith = async (files: Readonly<Record<string, string>> = {}): Promise<string> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
};

/** A provider for one test. */
export const serve = async (scenario: Scenario): Promise<ModelServer & { readonly at: string }> => {
  const server = await startModelServer({ scenarios: { it: scenario } });
  onTestFinished(() => server.close());
  return { ...server, requests: server.requests, at: server.url('it') };
};

/** A context that keeps what it is told. */
export const listening = (directory: string, overrides: Partial<EngineContext> = {}) => {
  const usages: Usage[] = [];
  return { usages, ...contextFor(directory, { used: (usage) => void usages.push(usage), ...overrides }) };
};

export const step: Plan['steps'][number] = {
  id: 'step_1',
  name: 'Say hello',
  action: 'Write hello.txt.',
  success_criteria: [
    { criterion: 'it is there', verification: { type: 'file_contains', path: 'hello.txt', pattern: 'h' } },
  ],
  depends_on: [],
};

export const plan: Plan = {
  id: 'bp_1',
  task_id: 'T1',
  goal: 'Say hello',
  acceptance_criteria: [],
  steps: [step],
  quality_gates: {},
};

export const stepRequest: StepRequest = {
  kind: 'step',
  goal: 'Say hello',
  plan,
  step,
  try: 1,
  previous: null,
  hint: null,
};

export const planRequest: PlanRequest = {
  kind: 'plan',
  goal: 'Say hello',
  taskId: 'T1',
  skills: [],
  hint: null,
  failure: null,
  round: null,
  answers: [],
};
