import * as z from 'zod';
import { EngineName } from '../engine-choice.ts';

const Host = z
  .string()
  .regex(/^(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](?::\d{1,5})?$/, {
    error: 'expected a host: example.com, *.example.com, example.com:8443, localhost:5432',
  });

const Path = z.string().regex(/^(?:\/|~\/)/, { error: 'expected an absolute path, or one that begins with ~/' });

const hosts =
  'hosts that may be reached on ports 80 and 443, or on the port named; localhost:5432 is one of this machine';

const Needs = z.strictObject({
  allow: z.array(Host).default([]).describe(hosts),
  read: z.array(Path).default([]).describe('files and folders that may be read'),
  write: z.array(Path).default([]).describe('files and folders that may be written'),
});

/** Where commands and the programs of engines run. What all of them see is in `data/sandbox.yaml`. */
export const Sandbox = z.strictObject({
  mode: z
    .enum(['auto', 'required', 'off'])
    .describe('auto uses a sandbox where the machine can, required does not work without one'),
  network: z
    .enum(['none', 'allow-list', 'open'])
    .describe(
      'allow-list reaches registries of packages and the hosts of sandbox.allow; open reaches all that you reach',
    ),
  allow: z.array(Host).describe(`${hosts}; beside those of data/sandbox.yaml`),
  read: z.array(Path).describe('files and folders that may be read, beside the system and tool chains'),
  write: z.array(Path).describe('files and folders that may be written, beside the worktree; a socket is one'),
  nested: z.boolean().describe('true lets a program make namespaces, as a sandbox of its own does'),
  engines: z.record(EngineName, Needs).describe('what the program of an engine needs besides, by its name'),
});
