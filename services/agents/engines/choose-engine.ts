import type { Capabilities, Engine } from './engine.ts';

export interface EngineChoice {
  /** A name, or `auto`: the first configured engine that has the capability. */
  readonly requested: string;
  /** In order of preference. The embedded `recipes` comes last: whoever configured another wants it used. */
  readonly configured: readonly Engine[];
  readonly capability: keyof Capabilities;
}

export type ChosenEngine =
  | { readonly outcome: 'chosen'; readonly engine: Engine; readonly reason: string }
  | { readonly outcome: 'blocked'; readonly reason: string; readonly unblock: string };

const embeddedLast = (engines: readonly Engine[]): readonly Engine[] => [
  ...engines.filter(({ name }) => name !== 'recipes'),
  ...engines.filter(({ name }) => name === 'recipes'),
];

const chooseNamed = ({ requested, configured, capability }: EngineChoice): ChosenEngine => {
  const names = configured.map(({ name }) => name).join(', ') || 'none';
  const engine = configured.find(({ name }) => name === requested);
  if (!engine) {
    return {
      outcome: 'blocked',
      reason: `engine ${requested} is not configured (configured: ${names})`,
      unblock: `set engines.commands.${requested}.command in .studio/config.yaml, or choose another with --engine`,
    };
  }
  if (engine.can[capability]) return { outcome: 'chosen', engine, reason: `${engine.name}: it was asked for` };
  return {
    outcome: 'blocked',
    reason: `engine ${requested} cannot ${capability}`,
    unblock: `add ${capability} to engines.commands.${requested}.can in .studio/config.yaml if it can, or choose another with --engine`,
  };
};

/** Which engine plays a role, and the sentence that says why; or what to set so that one can. */
export const chooseEngine = (choice: EngineChoice): ChosenEngine => {
  if (choice.requested !== 'auto') return chooseNamed(choice);
  const { capability } = choice;
  const engine = embeddedLast(choice.configured).find(({ can }) => can[capability]);
  if (!engine) {
    return {
      outcome: 'blocked',
      reason: `no configured engine can ${capability}`,
      unblock: `set engines.commands.<name>.command in .studio/config.yaml to a program that can ${capability}`,
    };
  }
  const why =
    engine.name === 'recipes'
      ? `no other configured engine can ${capability}`
      : `the first configured engine that can ${capability}`;
  return { outcome: 'chosen', engine, reason: `${engine.name}: ${why}` };
};
