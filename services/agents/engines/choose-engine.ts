import { AgentPresetName, type Config, enginesFor, type Role } from '#contracts';
import { describeOutage, type Outage, pickEngine } from '#domain';
import { didYouMean } from '#runtime';
import type { Capabilities, Engine } from './engine.ts';

/** `engines` of the configuration, as far as it says who is preferred. */
export type EngineSettings = Pick<Config['engines'], 'default' | 'roles' | 'fallback'>;

/** What says who is wanted, the first that says anything. */
export interface EngineWishes {
  readonly role: Role;
  readonly goal: string | null;
  /** That of a step before that of its plan. */
  readonly plan?: string | null | undefined;
  readonly settings: EngineSettings;
}

export interface Wanted {
  /** In order of preference; `auto` stands for the best that are configured. */
  readonly names: readonly string[];
  readonly by: string;
  /** Asked where none of the wanted can go on. */
  readonly fallback: readonly string[];
}

const listOf = (names: string | readonly string[]): readonly string[] => (typeof names === 'string' ? [names] : names);

export const wantedEngines = ({ role, goal, plan, settings }: EngineWishes): Wanted => {
  const { fallback, roles } = settings;
  const byGoal = enginesFor(goal, role);
  if (byGoal) return { names: byGoal, by: 'the goal asks for it', fallback };
  const byPlan = enginesFor(plan, role);
  if (byPlan) return { names: byPlan, by: 'the plan asks for it', fallback };
  const byRole = roles[role];
  if (byRole) return { names: listOf(byRole), by: `engines.roles.${role} names it`, fallback };
  return { names: listOf(settings.default), by: 'engines.default names it', fallback };
};

export interface EngineChoice {
  readonly wanted: Wanted;
  /** In order of preference. The embedded `recipes` comes last: whoever configured another wants it used. */
  readonly configured: readonly Engine[];
  readonly capability: keyof Capabilities;
  /** What is known of providers that cannot be asked now. */
  readonly outages?: readonly Outage[];
  readonly now?: string;
}

export type ChosenEngine =
  | {
      readonly outcome: 'chosen';
      readonly engine: Engine;
      readonly reason: string;
      /** Who could do it, in order of preference. */
      readonly candidates: readonly string[];
    }
  /** All of them are out of quota, until then at least one. */
  | {
      readonly outcome: 'wait';
      readonly until: string;
      readonly reason: string;
      readonly candidates: readonly string[];
    }
  | { readonly outcome: 'blocked'; readonly reason: string; readonly unblock: string };

const RECIPES = 'recipes';

/** What `auto` stands for: recipes only where nobody else has the capability, because a goal that needs one who thinks waits for one. */
const automatic = ({ configured, capability }: EngineChoice): readonly string[] => {
  const able = configured.filter(({ can, byName }) => can[capability] && !byName).map(({ name }) => name);
  const thinking = able.filter((name) => name !== RECIPES);
  return thinking.length > 0 ? thinking : able;
};

/** The engine `model` is the one that variables make. */
const howToHave = (name: string): string =>
  name === 'model'
    ? 'set ANTHROPIC_MODEL and ANTHROPIC_API_KEY, or OPENAI_MODEL and OPENAI_API_KEY, where the workers start'
    : `set engines.commands.${name}.command in .studio/config.yaml`;

/** An agent that is known by its program needs no more than to be there, and a person who lets it. */
const notAllowed = (name: string, reason: string): ChosenEngine => ({
  outcome: 'blocked',
  reason,
  unblock: `have ${name} on the PATH of the worker and allow it: studio engines --allow ${name}, or engines.allow: [${name}] in .studio/config.yaml; the account pays that is logged in to it`,
});

const unknownName = (name: string, { configured }: EngineChoice): ChosenEngine => {
  const names = configured.map((engine) => engine.name);
  const reason = `engine ${name} is not configured (configured: ${names.join(', ') || 'none'})`;
  if (AgentPresetName.safeParse(name).success) return notAllowed(name, reason);
  const meant = didYouMean(name, names);
  return {
    outcome: 'blocked',
    reason,
    unblock: `${meant ? `did you mean ${meant}? Otherwise ` : ''}${howToHave(name)}, or choose another with --engine`,
  };
};

const unable = (names: readonly string[], { capability, configured }: EngineChoice): ChosenEngine => {
  const [first = 'auto'] = names;
  const { settings = `engines.commands.${first}` } = configured.find(({ name }) => name === first) ?? {};
  if (first === 'auto')
    return {
      outcome: 'blocked',
      reason: `no configured engine can ${capability}`,
      unblock: `set engines.commands.<name>.command in .studio/config.yaml to a program that can ${capability}, or engines.agents.<name> or engines.models.<name>`,
    };
  return {
    outcome: 'blocked',
    reason:
      names.length === 1 ? `engine ${first} cannot ${capability}` : `none of ${names.join(', ')} can ${capability}`,
    unblock: `add ${capability} to ${settings}.can in .studio/config.yaml if it can, or choose another with --engine`,
  };
};

const why = (name: string, choice: EngineChoice): string => {
  const { wanted, capability } = choice;
  if (wanted.names.includes(name)) return wanted.by;
  if (!automatic(choice).includes(name) || !wanted.names.includes('auto')) return 'engines.fallback names it';
  return name === RECIPES
    ? `no other configured engine can ${capability}`
    : `the first configured engine that can ${capability}`;
};

/** Which engine plays a role, and the sentence that says why; or what to set so that one can. */
export const chooseEngine = (choice: EngineChoice): ChosenEngine => {
  const { wanted, configured, capability, outages = [], now = new Date(0).toISOString() } = choice;
  const named = [...wanted.names, ...wanted.fallback];
  const unknown = named.find((name) => name !== 'auto' && !configured.some((engine) => engine.name === name));
  if (unknown !== undefined) return unknownName(unknown, choice);
  const able = named
    .flatMap((name) => (name === 'auto' ? automatic(choice) : [name]))
    .filter((name) => configured.some((engine) => engine.name === name && engine.can[capability]));
  const candidates = [...new Set(able)];
  const picked = pickEngine(candidates, outages, now);
  const engine = picked.outcome === 'wait' ? undefined : configured.find(({ name }) => name === picked.engine);
  if (picked.outcome === 'wait')
    return { ...picked, candidates, reason: `${picked.passedOver.map(describeOutage).join(', ')}` };
  if (!engine) return unable(wanted.names, choice);
  const before = picked.passedOver.map((outage) => `, ${describeOutage(outage)}`).join('');
  return { outcome: 'chosen', engine, candidates, reason: `${engine.name}: ${why(engine.name, choice)}${before}` };
};
