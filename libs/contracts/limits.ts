/** What scripts need of the contracts that are called too often to load the schemas: `#contracts/limits`. */

/** The error of an agent that somebody else drives, as long as a log takes it. */
export const MAX_ERROR_CHARACTERS = 16_000;
