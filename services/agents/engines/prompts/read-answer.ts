import * as z from 'zod';
import { EngineMessage } from '#contracts';
import type { Answer } from '../answering-engine.ts';
import type { EngineRequest } from '../engine.ts';
import { answersTo, LEARNING } from './answer-forms.ts';

export type ReadAnswer = { readonly answer: Answer } | { readonly problem: string };

const Document = z.record(z.string(), z.unknown());

const parse = (text: string): z.infer<typeof Document> | null => {
  try {
    return Document.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** A whole string, or a brace outside of one. */
const STRING_OR_BRACE = /"(?:[^"\\]|\\.)*"|[{}]/gs;

/** Where the object ends that begins here; `null` where it does not end. */
const endOfObject = (text: string, start: number): number | null => {
  STRING_OR_BRACE.lastIndex = start;
  let depth = 0;
  for (let token = STRING_OR_BRACE.exec(text); token !== null; token = STRING_OR_BRACE.exec(text)) {
    if (token[0] === '{') depth += 1;
    else if (token[0] === '}') depth -= 1;
    if (depth === 0) return STRING_OR_BRACE.lastIndex;
  }
  return null;
};

const MOST_STARTS = 200;

/** The last whole JSON object in a text, fenced or bare: models think aloud before they answer. */
const lastDocument = (text: string): z.infer<typeof Document> | null => {
  const whole = parse(text.trim());
  if (whole !== null) return whole;
  let found: z.infer<typeof Document> | null = null;
  let starts = 0;
  for (let at = text.indexOf('{'); at >= 0 && starts < MOST_STARTS; starts += 1) {
    const end = endOfObject(text, at);
    const document = end === null ? null : parse(text.slice(at, end));
    if (document !== null) found = document;
    at = text.indexOf('{', document !== null && end !== null ? end : at + 1);
  }
  return found;
};

/** A document that leaves its type out is what its fields say. */
const typeOf = (document: z.infer<typeof Document>): unknown => {
  if ('type' in document) return document.type;
  if ('plan' in document || 'steps' in document) return 'plan';
  if ('map' in document || 'tasks' in document) return 'map';
  return 'questions' in document ? 'questions' : undefined;
};

const withType = (document: z.infer<typeof Document>): z.infer<typeof Document> => {
  const type = typeOf(document);
  if (type === 'plan' && 'steps' in document) return { type, plan: document };
  if (type === 'map' && 'tasks' in document) return { type, map: document };
  return { ...document, type };
};

const MOST_PROBLEMS = 20;

const validate = (document: z.infer<typeof Document>): ReadAnswer => {
  const parsed = EngineMessage.safeParse(document);
  if (parsed.success) return { answer: parsed.data as Answer }; // The caller has seen that its type is one of these.
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`);
  return { problem: problems.slice(0, MOST_PROBLEMS).join('; ') };
};

const readDocument = (types: readonly string[], text: string): ReadAnswer => {
  const found = lastDocument(text);
  if (found === null) return { problem: `there is no JSON document in it; expected one of type ${types.join(' or ')}` };
  const document = withType(found);
  if (typeof document.type !== 'string' || !types.includes(document.type))
    return { problem: `the type of the document is ${String(document.type)}; expected ${types.join(' or ')}` };
  return validate(document);
};

const LEARNING_LINE = new RegExp(`^[ \\t*-]*${LEARNING}(.*)$`, 'gim');

/** What an agent said, on its way, that the next run should know. */
export const learningsIn = (text: string): readonly string[] =>
  [...text.matchAll(LEARNING_LINE)].map(([, learning = '']) => learning.trim()).filter((learning) => learning !== '');

const SUMMARY = 500;

/** The last paragraph: agents say last what they did. */
const summaryOf = (text: string): string => {
  const said = text.replaceAll(LEARNING_LINE, '').trim();
  const last =
    said
      .split(/\n\s*\n/)
      .at(-1)
      ?.trim() ?? '';
  return last.slice(0, SUMMARY) || 'the agent ended without a word';
};

/** What was said at the end of work: a document that says so, else any text is its summary. */
const readWorkEnd = (types: readonly string[], text: string): ReadAnswer => {
  const found = lastDocument(text);
  const read = found !== null && types.includes(String(found.type)) ? validate(found) : null;
  return read !== null && 'answer' in read ? read : { answer: { type: 'done', summary: summaryOf(text) } };
};

/** What the last message of an agent answers to a request, or what is wrong with it, in words for the agent. */
export const readAnswer = (request: EngineRequest, text: string): ReadAnswer => {
  const types = answersTo(request);
  return types.includes('done') ? readWorkEnd(types, text) : readDocument(types, text);
};
