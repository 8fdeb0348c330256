import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { InvalidInput } from '#contracts';

/** What a person writes without thinking of types is text too: `port: 8080`, `https: true`. */
const Answers = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], { error: 'an answer is a text' }).transform(String),
);

/**
 * Answers to the questions of a planner, by the id of the question: a YAML or JSON file.
 * @throws {InvalidInput} it cannot be read, or is none
 */
export const readAnswers = async (path: string): Promise<Readonly<Record<string, string>>> => {
  try {
    const parsed = Answers.safeParse(parse(await readFile(path, 'utf8')) ?? {});
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) => `${path}: ${issue.path.join('.') || 'it'}: ${issue.message}`);
    throw new InvalidInput('no answers', [...problems, 'write one line a question: <id>: <answer>']);
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput('no answers', [
      `${path} cannot be read (${error instanceof Error ? error.message : error})`,
    ]);
  }
};
