import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AgentPresetName } from '#contracts';
import { AGENT_NAMES, KNOWN_AGENTS } from '../known-agents.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface FoundAgent {
  readonly name: AgentPresetName;
  /** Path of its program. */
  readonly file: string;
}

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** Looks at the folders of the PATH, and starts nothing. */
export const findAgents = ({ PATH = '' }: Environment): readonly FoundAgent[] => {
  const folders = PATH.split(delimiter).filter((folder) => folder.startsWith('/'));
  return AGENT_NAMES.flatMap((name) => {
    const file = folders.map((folder) => join(folder, KNOWN_AGENTS[name].program)).find(isProgram);
    return file === undefined ? [] : [{ name, file }];
  });
};
