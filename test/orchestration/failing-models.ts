import type { Scenario } from '../support/model-server/scenario.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Models that do the first step of a plan, in two calls; in the middle of the second their provider fails. */

const LONG_WINDOW_S = 3_600;
/** A shorter one is waited out by the engine itself. */
const WINDOW_S = 31;

const does = (step: string) => ({
  // The step is in the prompt as JSON.
  when: `# Your step[^}]*"Do ${step}"`,
  steps: [{ calls: [{ write: { path: `${step}.txt`, content: `${step}\n` } }] }, { say: 'It is there.' }],
});
const failsWith = (...faults: NonNullable<Scenario['faults']>): Scenario => ({
  turns: [does('step_1'), does('step_2')],
  faults: [null, null, ...faults],
});

const overloaded = { kind: 'status', status: 529 } as const;
const SCENARIOS = {
  /** A call is tried three times. */
  overloaded: failsWith(overloaded, overloaded, overloaded),
  /** Its server can be closed then. */
  gone: failsWith({ kind: 'silence' }),
  limited: failsWith({ kind: 'status', status: 429, retryAfterS: LONG_WINDOW_S }),
  again: failsWith({ kind: 'status', status: 429, retryAfterS: WINDOW_S }),
} satisfies Record<string, Scenario>;
export type FailingModel = keyof typeof SCENARIOS;

export interface FailingModels {
  /** `engines.models` of the configuration. */
  readonly models: Readonly<Record<FailingModel, object>>;
  /** How often each was asked. */
  readonly asked: (model: FailingModel) => number;
  /** Once `gone` is silent, nobody listens there any more. */
  readonly leave: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const startFailingModels = async (): Promise<FailingModels> => {
  const start = () => startModelServer({ scenarios: SCENARIOS });
  const [server, going] = await Promise.all([start(), start()]);
  const serverOf = (model: FailingModel): ModelServer => (model === 'gone' ? going : server);
  const at = (model: FailingModel) => ({
    provider: 'openai-compatible',
    model: 'scripted',
    base_url: `${serverOf(model).url(model)}/v1`,
  });
  const open = new Set([server, going]);
  const close = async (one: ModelServer) => {
    if (open.delete(one)) await one.close();
  };
  return {
    models: { overloaded: at('overloaded'), gone: at('gone'), limited: at('limited'), again: at('again') },
    asked: (model) => serverOf(model).requests.filter(({ scenario }) => scenario === model).length,
    leave: async () => {
      await waitUntil('the model is silent', () => going.waiting() === 1);
      await close(going);
    },
    close: async () => void (await Promise.all([close(server), close(going)])),
  };
};
