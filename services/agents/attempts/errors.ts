import type { FailureCategory, ProviderFault } from '#contracts';
import { StudioError } from '#contracts';
import type { EngineFailure } from '#engines';
import type { Grant } from '#money';

type Refused = Exclude<Grant, { outcome: 'free' | 'reserved' }>;

/** The lease is no longer ours, or was given back: unwind, and report nothing more. */
export class LeaseEnded extends StudioError {
  readonly code = 'attempt.lease_ended';
  readonly remedy = 'none';
  constructor(orchestration: string, lease: number) {
    super(`lease ${lease} of ${orchestration} has ended`, { orchestration, lease });
  }
}

/** There is no money left for the next call of an engine: the lease is given back, and no try is used up. */
export class OverBudget extends StudioError {
  readonly code = 'attempt.over_budget';
  readonly remedy = 'none';
  readonly grant: Refused;
  constructor(orchestration: string, grant: Refused) {
    super(`${orchestration} has nothing left to spend`, { orchestration, outcome: grant.outcome });
    this.grant = grant;
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
  /** The engine that could not do it, and what is the matter with its provider. */
  readonly engine: string | null;
  readonly provider: ProviderFault | null;
  constructor(
    category: FailureCategory | null,
    message: string,
    unblock: string | null = null,
    until: string | null = null,
    {
      engine = null,
      provider = null,
    }: { readonly engine?: string | null; readonly provider?: ProviderFault | null } = {},
  ) {
    super(message);
    this.category = category;
    this.unblock = unblock;
    this.until = until;
    this.engine = engine;
    this.provider = provider;
  }
}

/** What an engine said that it cannot do, as the failure of the attempt. */
export const engineFailed = (outcome: EngineFailure): AttemptFailed =>
  outcome.outcome === 'cannot'
    ? new AttemptFailed('blocker', outcome.reason, outcome.unblock)
    : new AttemptFailed(outcome.category ?? null, outcome.error, null, outcome.until ?? null, outcome);
