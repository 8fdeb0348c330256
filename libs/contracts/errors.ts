/**
 * What the caller may do next: `change` the request, `retry` later, `reload` and decide again, or `none`: a bug or bad
 * data, a person must look.
 */
export type Remedy = 'change' | 'retry' | 'reload' | 'none';

/** Every error that Studio throws on purpose. `code` is stable and documented in the reference; the text may change. */
export abstract class StudioError extends Error {
  abstract readonly code: string;
  abstract readonly remedy: Remedy;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
  }
}

/** A rule of the domain said no. The same command fails again until the state changes. */
export class RuleViolation extends StudioError {
  readonly remedy = 'change';
  readonly code: `rule.${string}`;
  constructor(rule: string, message: string, details?: Record<string, unknown>) {
    super(message, details);
    this.code = `rule.${rule}`;
  }
}

/** What came in does not fit its schema. `problems` lists all that is wrong, not only the first. */
export class InvalidInput extends StudioError {
  readonly code = 'input.invalid';
  readonly remedy = 'change';
  readonly problems: readonly string[];
  constructor(what: string, problems: readonly string[], details?: Record<string, unknown>) {
    super(`${what}: ${problems.join('; ')}`, { ...details, problems });
    this.problems = problems;
  }
}

/** The thing that was named does not exist. */
export class NotFound extends StudioError {
  readonly code = 'input.not_found';
  readonly remedy = 'change';
}

/** A dependency (Redis, an engine, a program) failed in a way that time may cure. */
export class Unavailable extends StudioError {
  readonly code = 'dependency.unavailable';
  readonly remedy = 'retry';
}
