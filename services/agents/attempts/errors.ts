import type { FailureCategory } from '#contracts';
import { StudioError } from '#contracts';

/** The lease is no longer ours, or was given back: unwind, and report nothing more. */
export class LeaseEnded extends StudioError {
  readonly code = 'attempt.lease_ended';
  readonly remedy = 'none';
  constructor(orchestration: string, lease: number) {
    super(`lease ${lease} of ${orchestration} has ended`, { orchestration, lease });
  }
}

/** A role cannot do its work. What happens next is decided from the category. */
export class AttemptFailed extends StudioError {
  readonly code = 'attempt.failed';
  readonly remedy = 'none';
  /** `null`: the error patterns tell. */
  readonly category: FailureCategory | null;
  /** What a person can do so that it works. */
  readonly unblock: string | null;
  /** A provider takes no requests until then. */
  readonly until: string | null;
  constructor(
    category: FailureCategory | null,
    message: string,
    unblock: string | null = null,
    until: string | null = null,
  ) {
    super(message);
    this.category = category;
    this.unblock = unblock;
    this.until = until;
  }
}
