/** A lease under which somebody does work by hand, and the folder that the run works on. */
export interface HandLease {
  readonly orchestration: string;
  readonly lease: number;
  readonly root: string;
}

/** Where work is done by hand on this machine. */
export interface HandFolders {
  /** Makes the folder of a lease from what the work begins with. `problem`: what could not be prepared in it. */
  readonly make: (
    lease: HandLease & { readonly base: string; readonly commit: string },
  ) => Promise<{ readonly directory: string; readonly problem: string | null }>;
  /** `null` where it is not on this machine. */
  readonly find: (lease: HandLease) => Promise<string | null>;
  /** What lies in a folder, as a commit of the repository that nothing collects. */
  readonly collect: (lease: HandLease & { readonly directory: string; readonly commit: string }) => Promise<string>;
  readonly remove: (lease: HandLease) => Promise<void>;
  /** The same without secrets in its texts. */
  readonly clean: <Value>(value: Value) => Value;
}
