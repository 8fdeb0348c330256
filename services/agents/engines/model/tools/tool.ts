import * as z from 'zod';

/** What a model is told of a tool. */
export interface ToolSpec<Input = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
}

export interface Tool extends ToolSpec {
  /** @throws what the model is told instead of a result */
  readonly run: (input: unknown) => Promise<string>;
}

/** A mistake of the model that it is told, and may correct. */
export class Miss extends Error {}

export const parseInput = <Input>({ input }: ToolSpec<Input>, given: unknown): Input => {
  const parsed = input.safeParse(given);
  if (!parsed.success) throw new Miss(`this does not fit the schema:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

export const toolOf = <Input>(spec: ToolSpec<Input>, run: (input: Input) => Promise<string>): Tool => ({
  ...spec,
  run: async (given) => run(parseInput(spec, given)),
});

/** As providers take it. What is optional may be left out, and what only a check can say is said by the check. */
export const schemaOf = ({ input }: ToolSpec) =>
  z.toJSONSchema(input, { target: 'draft-7', io: 'input', unrepresentable: 'any' });

/** All that a model is told of a tool, as text: what is counted. */
export const describeTool = ({ name, description, input }: ToolSpec): string =>
  JSON.stringify({ name, description, input: schemaOf({ name, description, input }) });

/** What one result may tell the model: about 8,000 tokens. */
export const MAX_RESULT = 30_000;

/** Beginning and end of a text that is too long: causes stand first, verdicts last. */
export const middleCut = (text: string, most = MAX_RESULT): string => {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`;
};
