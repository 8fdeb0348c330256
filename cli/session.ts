import type { Studio } from '#client';
import type { Io } from './io.ts';

export interface Session {
  readonly studio: Studio;
  /** Folder of this machine's state: where a repository without git has its private one. */
  readonly studioDir: string;
  /** Settings and keys of this terminal with which what runs goals here was not started. */
  readonly unknownToHost: readonly string[];
  close(): Promise<void>;
}

/** Connects to where orchestrations live, starting it first where that is this machine's own business. */
export type OpenSession = (io: Io) => Promise<Session>;

/** Loaded when the first command needs it: to connect takes more code than most commands have. */
export const openSession: OpenSession = async (io) => (await import('./connect.ts')).connect(io);

/** Opens, uses, and closes in any case. */
export const withSession = async <T>(
  { io, openSession: open }: { readonly io: Io; readonly openSession: OpenSession },
  use: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await open(io);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
};
