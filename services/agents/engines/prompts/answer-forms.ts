import * as z from 'zod';
import { EngineMessage } from '#contracts';
import type { Answer } from '../answering-engine.ts';
import type { EngineRequest } from '../engine.ts';
import { json, section } from './sections.ts';

type AnswerType = Answer['type'];

/** What may be answered to a request, the answer that is hoped for first. */
export const answersTo = (request: EngineRequest): readonly AnswerType[] => {
  switch (request.kind) {
    case 'plan':
      return request.round === null ? ['plan', 'cannot'] : ['plan', 'questions', 'cannot'];
    case 'decompose':
      return ['map', 'cannot'];
    case 'step':
    case 'fix':
      return ['done', 'cannot'];
  }
};

const WHEN: Readonly<Record<Exclude<AnswerType, 'done'>, string>> = {
  plan: 'The plan.',
  map: 'The map of the project.',
  questions: 'What has to be known before a plan can be good, where the answers would change it:',
  cannot: 'Only where no plan can help, because a person has to do something first:',
};

const schemas = new Map<AnswerType, string>();

/** JSON Schema of one answer, as text. */
const schemaText = (type: AnswerType): string => {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const schema = EngineMessage.options.find(({ shape }) => shape.type.value === type);
  if (!schema) throw new Error(`the protocol has no message of type ${type}`);
  const { $schema: _, ...found } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const text = json(found);
  schemas.set(type, text);
  return text;
};

/** How a plan or a map is to be given: one document, whose form is the one that is checked. */
export const documentSection = (request: EngineRequest): readonly string[] => {
  const forms = answersTo(request).flatMap((type) =>
    type === 'done'
      ? []
      : [`${WHEN[type]} A document of \`"type": "${type}"\` with this JSON Schema:`, schemaText(type)],
  );
  const how =
    'Your last message is exactly one JSON document in one ```json block, and nothing after it. It is read by a';
  return section('Your answer', [`${how} program, which refuses anything else.`, ...forms].join('\n\n'));
};

const CANNOT = '{"type":"cannot","reason":"…","unblock":"the exact thing that a person can do about it"}';

/** How an agent marks what it found out. */
export const LEARNING = 'LEARNING:';

/** How work ends: a sentence, or what stands in its way. */
export const workEnd = (): readonly string[] =>
  section(
    'When you are done',
    [
      'Say in one or two sentences what you changed. What you say is shown to people; what counts are the files.',
      `What the next run in this repository should know, if anything, in a line of its own: \`${LEARNING} …\`.`,
      'Nobody answers questions now: decide, and say what you decided. Only where the work needs something that a person',
      `has to do first, end with one JSON document in a \`\`\`json block: ${CANNOT}`,
    ].join('\n'),
  );
