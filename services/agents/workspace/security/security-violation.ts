import { StudioError } from '#contracts';

/** Work left something that must not go on: a secret, a way out of the workspace, code in the repository's own settings. */
export class SecurityViolation extends StudioError {
  readonly code = 'workspace.security_violation';
  readonly remedy = 'none';
}
