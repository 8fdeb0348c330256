import type { Studio } from '#client';
import type { PruneDocument } from '#contracts';

export type Removed = PruneDocument['removed'][number];
export type Kept = PruneDocument['kept'][number];

/** What one part of a prune found: what may go, with how to remove it, and what one would expect to go and may not. */
export interface Findings {
  readonly removable: readonly (Removed & {
    /** @returns how much it was, where only that tells; 0: there was nothing */
    readonly remove: () => Promise<unknown>;
  })[];
  readonly kept: readonly Kept[];
}

export interface LookOptions {
  readonly studio: Pick<Studio, 'needs' | 'workspaces'>;
  readonly cacheDir: string;
  readonly studioDir: string;
  /** Only what these left. Default: what any run did. */
  readonly runs?: ReadonlySet<string>;
}

export interface PruneOptions extends LookOptions {
  /** Caches that nobody used since go. */
  readonly before: Date;
  readonly dryRun: boolean;
}
