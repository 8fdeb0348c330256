import { isAbsolute, relative, sep } from 'node:path';
import type { EngineContext, EngineFailure } from '../../engine.ts';
import { locate, OutsideWorkspace } from '../../operations/workspace-file.ts';
import { Miss } from './tool.ts';

/** What tools work with. */
export interface ToolContext extends Pick<EngineContext, 'directory' | 'repository' | 'signal' | 'run' | 'learned'> {
  /** A line for people. */
  readonly say: (message: string) => void;
  /** Takes out of a text what must not leave this machine. */
  readonly show: (text: string) => string;
  /** Ends the request with this, whatever the model wants next. */
  readonly stop: (failure: EngineFailure) => void;
}

/** Models like absolute paths; one into the workspace means what it says. */
export const asRelative = ({ directory }: Pick<ToolContext, 'directory'>, path: string): string => {
  const inside = isAbsolute(path) ? relative(directory, path) : path.replace(/^\.\//, '');
  return inside === '' ? '.' : inside.split(sep).join('/');
};

/** Where a file that is only read lies. @throws {Miss} outside of the workspace: the model may look elsewhere */
export const locateToRead = async (context: ToolContext, path: string): Promise<string> => {
  try {
    return await locate(context.directory, asRelative(context, path), { follow: true });
  } catch (error) {
    throw error instanceof OutsideWorkspace ? new Miss(error.message) : error;
  }
};
