import { StudioError } from '#contracts';

/** A command that no work may need. It was not run, and asking again does not help: nothing may go on after it. */
export class ForbiddenCommand extends StudioError {
  readonly code = 'command.forbidden';
  readonly remedy = 'none';
}
