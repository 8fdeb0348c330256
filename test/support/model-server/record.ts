import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { ProtocolName } from './request.ts';

/** A request as a test may look at it: never its headers, which hold keys. */
export interface RecordedRequest {
  readonly scenario: string;
  readonly protocol: ProtocolName;
  readonly model: string;
  readonly stream: boolean;
  /** What the person said last. */
  readonly asked: string;
  /** How many tools were called since. */
  readonly calls: number;
  /** A call that the agent made for itself: a title, a suggestion. */
  readonly side: boolean;
  readonly body: unknown;
}

export interface Records {
  readonly all: readonly RecordedRequest[];
  readonly add: (request: RecordedRequest) => void;
  /** How many requests of a scenario there were, without the side calls. */
  readonly count: (scenario: string) => number;
}

export const readRecords = (file: string): readonly RecordedRequest[] => {
  if (!existsSync(file)) return [];
  // What comes after the last end of a line is being written now.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as RecordedRequest); // written by `add`
};

/** @param file keeps them when this process is killed; `null` keeps them in memory */
export const createRecords = (file: string | null): Records => {
  const all: RecordedRequest[] = file === null ? [] : [...readRecords(file)];
  return {
    all,
    add: (request) => {
      all.push(request);
      if (file !== null) appendFileSync(file, `${JSON.stringify(request)}\n`);
    },
    count: (scenario) => all.filter((request) => request.scenario === scenario && !request.side).length,
  };
};
