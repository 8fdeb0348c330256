import { join } from 'node:path';
import type { Config } from '#contracts';
import { createHumanEngine, createRecipesEngine, type Engine } from '#engines';
import type { Pricing } from '#money';
import { packageRoot } from '#runtime';
import { agentEngines } from './agent-engines.ts';
import { commandEngines, pathEngines } from './command-engines.ts';
import { modelEngines } from './model-engines.ts';
import { offersOf, withOffers } from './offers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** In the order in which `auto` asks them. */
export const enginesOf = (
  config: Config,
  studioDir: string,
  env: Environment,
  pricing?: Pricing,
): readonly Engine[] => {
  const models = modelEngines(config, env, pricing);
  const isNamed = Object.keys(config.engines.models).length > 0;
  const configured = [...agentEngines(config, env), ...(isNamed ? models : []), ...commandEngines(config, env)];
  const names = [...configured, ...models].map(({ name }) => name);
  // What a person wrote down goes before what variables say: those may be there for another program.
  const ofVariables = isNamed ? [] : models;
  const recipesDirs = [join(packageRoot(), 'recipes'), join(studioDir, 'recipes'), '.studio/recipes'];
  const recipes = withOffers(createRecipesEngine({ recipesDirs }), offersOf(config, env));
  return [...configured, ...pathEngines(config, env, names), ...ofVariables, createHumanEngine(), recipes];
};
