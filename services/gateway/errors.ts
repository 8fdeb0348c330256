import { StudioError } from '#contracts';

/** HTTP itself is at fault: the request never came to Studio. `status` is the one it is answered with. */
export class RequestRefused extends StudioError {
  readonly remedy = 'change';
  readonly code: `http.${string}`;
  readonly status: number;
  constructor(reason: string, status: number, message: string, details?: Record<string, unknown>) {
    super(message, details);
    this.code = `http.${reason}`;
    this.status = status;
  }
}

/** The idempotency key belongs to another goal. */
export class KeyConflict extends StudioError {
  readonly code = 'input.key_conflict';
  readonly remedy = 'change';
}

/** Nothing may listen beyond this machine without a key. */
export class KeyMissing extends StudioError {
  readonly code = 'gateway.key_missing';
  readonly remedy = 'change';
}
