import { LogWentBack } from '../errors.ts';
import type { Head } from '../recorded.ts';

/** @param found the version that the stream has, or that its entries say where they and the index disagree */
export const wentBack = (stream: string, expected: Head, found: number): LogWentBack =>
  new LogWentBack(
    `stream ${stream} does not have event ${expected.version} as it was read (it is at version ${found}): the server lost or changed writes; reload the stream before deciding again`,
    { stream, expected: expected.version, actual: found },
  );
