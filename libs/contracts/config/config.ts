import * as z from 'zod';
import { ContextPolicy } from '../context.ts';
import { Engines } from './engines.ts';
import { Hooks } from './hooks.ts';
import { Money, Prices } from './money.ts';
import { Interactions, Recovery, Routing, Tasks } from './orchestration.ts';
import { Sandbox } from './sandbox.ts';
import { Gateway, Host, Retention } from './services.ts';
import { Browser, Env, Gates, Redact, Security, Workspace } from './work.ts';

/**
 * `.studio/config.yaml` over the built-in `data/defaults.yaml`: one section a topic. No value is optional, because the
 * defaults name them all; a key that is not here is refused. Secrets come from the environment and have no place here.
 */
export const Config = z.strictObject({
  engines: Engines,
  gates: Gates,
  browser: Browser,
  workspace: Workspace,
  routing: Routing,
  recovery: Recovery,
  security: Security,
  sandbox: Sandbox,
  interactions: Interactions,
  tasks: Tasks,
  context: ContextPolicy,
  money: Money,
  prices: Prices,
  hooks: Hooks,
  retention: Retention,
  redact: Redact,
  env: Env,
  host: Host,
  gateway: Gateway,
});
export type Config = z.infer<typeof Config>;

/** One value as `studio config` shows it. `origin` is `default`, `file <path>:<line>`, `env NAME` or `flag --name`. */
export const ConfigValue = z.strictObject({ key: z.string(), value: z.unknown(), origin: z.string() });
export type ConfigValue = z.infer<typeof ConfigValue>;
