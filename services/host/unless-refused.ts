import { WorkspaceError } from '#repository';

/**
 * What a repository refuses until a person changes something is told and left: the run it is done for can go on without,
 * and nothing is wrong with its log. Trouble that passes is thrown, so that it comes again.
 */
export const unlessRefused = async <T>(
  work: () => Promise<T>,
  tell: (error: WorkspaceError) => void,
): Promise<T | null> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WorkspaceError) || error.remedy === 'retry') throw error;
    tell(error);
    return null;
  }
};
