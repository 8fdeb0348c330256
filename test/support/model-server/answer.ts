import { randomUUID } from 'node:crypto';
import { leastOf } from './json.ts';
import { askedText, callsSoFar, type ModelRequest, type Reply, type ReplyCall, systemText } from './request.ts';
import { type ParsedScenario, Tokens } from './scenario.ts';
import { documentTool, mapCall } from './tools.ts';

type ParsedStep = ParsedScenario['turns'][number]['steps'][number];

/** The step that comes after so many calls; steps that call nothing are the end of a turn. */
const stepAfter = (steps: readonly ParsedStep[], calls: number): ParsedStep => {
  let before = 0;
  for (const step of steps) {
    if (before >= calls) return step;
    before += step.calls?.length ?? 0;
  }
  return steps.at(-1) ?? {};
};

/** The step that a request has reached: a function of the request alone, so that sessions may run side by side and resume. */
export const reachedStep = (scenario: ParsedScenario, request: ModelRequest): ParsedStep => {
  const asked = askedText(request);
  const turn = scenario.turns.find(({ when }) => when === undefined || new RegExp(when).test(asked));
  if (!turn) return { say: 'the script has no turn for this message' };
  return stepAfter(turn.steps, callsSoFar(request));
};

// How agents ask the model something of their own: titles, names of topics, what the person may type next, memories.
const SIDE_CALLS =
  /title for (this|the|a)|single "title" field|write the (title|label) in|generate a (concise|short|brief)[^.]*title|title generator|new conversation topic|SUGGESTION MODE|next[- ]step suggestion|suggest what the user|memory extraction|extract memories/i;

/** A call that an agent makes for itself: no part of the work that the script is for. */
export const isSideCall = (request: ModelRequest): boolean =>
  SIDE_CALLS.test(systemText(request)) ||
  SIDE_CALLS.test(askedText(request).slice(0, 2_000)) ||
  // Whether anybody is there, for one token.
  askedText(request) === 'Hi';

type Spoken = Pick<Reply, 'text' | 'calls' | 'ended'>;

const id = (): string => randomUUID().replaceAll('-', '').slice(0, 20);

const documentOf = (json: unknown, request: ModelRequest): Spoken => {
  const tool = documentTool(request);
  if (!tool) return { text: JSON.stringify(json), calls: [], ended: 'said' };
  // A document that does not match its schema may be anything, and is sent as it is.
  const call: ReplyCall = { id: id(), name: tool.name, input: json as ReplyCall['input'] };
  return { text: '', calls: [call], ended: 'calls' };
};

const spoken = (step: ParsedStep, request: ModelRequest): Spoken => {
  if (step.refuse !== undefined) return { text: step.refuse, calls: [], ended: 'refused' };
  if (step.json !== undefined) return documentOf(step.json, request);
  if (step.cut) return { text: step.say ?? 'And then', calls: [], ended: 'cut' };
  const calls = (step.calls ?? []).map((call) => mapCall(call, request));
  if (calls.includes(null)) return { text: 'no tool is offered that does this', calls: [], ended: 'said' };
  const mapped = calls.flatMap((call) => (call === null ? [] : [{ ...call, id: id() }]));
  return { text: step.say ?? '', calls: mapped, ended: mapped.length > 0 ? 'calls' : 'said' };
};

const replyOf = (said: Spoken, request: ModelRequest, tokens: Tokens): Reply => ({
  id: id(),
  model: request.model,
  tokens,
  ...said,
});

export const answerStep = (step: ParsedStep, request: ModelRequest, scenario: ParsedScenario): Reply =>
  replyOf(spoken(step, request), request, Tokens.parse({ ...scenario.tokens, ...step.tokens }));

/** A short text, or the least that matches the schema. */
export const answerSideCall = (request: ModelRequest): Reply => {
  const text = request.format === null ? 'ok' : JSON.stringify(leastOf(request.format));
  return replyOf({ text, calls: [], ended: 'said' }, request, Tokens.parse({}));
};
