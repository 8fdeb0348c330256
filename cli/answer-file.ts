import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { InvalidInput } from '#contracts';

const Document = z.record(z.string(), z.unknown());

/** A plan, a map and questions are told by what is in them; whatever names its type is an answer already. */
const answerFrom = (document: Readonly<Record<string, unknown>>): unknown => {
  if (typeof document.type === 'string') return document;
  if ('questions' in document) return { type: 'questions', ...document };
  if ('steps' in document) return { type: 'plan', plan: document };
  if ('tasks' in document) return { type: 'map', map: document };
  return null;
};

const parseText = (path: string, text: string): unknown => {
  try {
    // YAML takes JSON too.
    return parse(text);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new InvalidInput('no answer', [`${path} is neither JSON nor YAML: ${reason}`]);
  }
};

/**
 * What is handed in, as a file: a plan, a map of tasks, questions, or an answer with its `type`, as an engine gives it.
 * @throws {InvalidInput} it cannot be read, or is none of these
 */
export const readAnswerFile = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InvalidInput('no answer', [`${path} cannot be read (${error instanceof Error ? error.message : error})`]);
  });
  const document = Document.safeParse(parseText(path, text));
  const answer = document.success ? answerFrom(document.data) : null;
  if (answer !== null) return answer;
  throw new InvalidInput('no answer', [
    `${path} is no plan (steps), no map (tasks), no questions, and has no type: plan, questions, map, done, cannot or failed`,
  ]);
};
