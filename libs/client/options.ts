import type { Redis } from 'ioredis';
import type { BacklogsOptions } from '#backlog';
import type { Config } from '#contracts';
import type { ArchiveFolder } from '#events/redis';
import type { RunConfig } from '#orchestrations';
import type { RedisEndpoint } from '#runtime';
import type { LookAhead } from './dry-run/preview.ts';
import type { HandFolders } from './work/hand-folders.ts';

/** As much of the configuration as a client goes by. */
type ClientConfig = RunConfig & Pick<Config, 'context'> & Partial<Pick<Config, 'money'>>;

export type ConnectStudioOptions = {
  /** Hash tag of every key. Default `{studio}`. */
  readonly tag?: string;
  /** The limits of runs that are started from here; a function is asked when the first decision is made. */
  readonly config: ClientConfig | (() => Promise<ClientConfig>);
  /** For the audit trail: `person:alice`, `service:gateway`. */
  readonly actor: string;
  /** Asked for when an archived run is read, or a run archived. Default: none, so that archived runs cannot be read. */
  readonly archiveFolder?: ArchiveFolder;
  /** Told of each backlog that was changed from here, so that a file can follow. */
  readonly projectBacklog?: BacklogsOptions['project'] | undefined;
  /** State of this machine, where folders without git have their repositories. Default: none, so that files are not compared. */
  readonly studioDir?: string | undefined;
  /** Looks at a workspace for a dry run. Default: none, so that a dry run tells no plan but one that is given. */
  readonly lookAhead?: LookAhead | undefined;
  /** Where work is done by hand. Default: nowhere, so that it is taken without a folder. Asked for when they are needed. */
  readonly handFolders?: (() => Promise<HandFolders>) | undefined;
  /** Engines that a worker can have by the configuration here. Default: any, so that a new name is waited for a moment. */
  readonly engineNames?: (() => Promise<readonly string[]>) | undefined;
  readonly now?: () => Date;
  /** Uniform in [0, 1). */
  readonly draw?: () => number;
  /** Told of what was got over: a lost connection, a look at the log that will be made again. */
  readonly onError?: (error: unknown) => void;
} & (
  | {
      /** A connection that stays the caller's: `close` leaves it open. */
      readonly redis: Redis;
    }
  | { readonly endpoint: RedisEndpoint }
);
