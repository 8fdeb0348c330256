/** What to do where recipes cannot. */
export const otherEngine = (ability: string): string =>
  `configure an engine that can ${ability}: a model, an agent or a program (engines.models, engines.agents or engines.commands in .studio/config.yaml)`;
