import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { InvalidInput } from '#contracts';
import { ErrorPatterns, RoutingPolicy } from '#domain';
import { problemsOf } from './problems.ts';

/** @throws {InvalidInput} with every problem of the file */
export const readRoutingFile = async (file: string): Promise<RoutingPolicy> => {
  const parsed = RoutingPolicy.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new InvalidInput(`the routing table ${file} is not valid`, problemsOf(parsed.error));
  return parsed.data;
};

/** @throws {InvalidInput} with every problem of the file */
export const readPatternsFile = async (file: string): Promise<ErrorPatterns['patterns']> => {
  const parsed = ErrorPatterns.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new InvalidInput(`the error patterns ${file} are not valid`, problemsOf(parsed.error));
  return parsed.data.patterns;
};
