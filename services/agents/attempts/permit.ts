import { ALWAYS, isPermitted, type Live, subjectOf } from '#domain';
import type { EngineContext, PermissionRequest } from '#engines';
import type { Redact } from '#workspace';
import type { Attempt } from './attempt.ts';

const MOST_TITLE = 2_000;
const MOST_COMMAND = 8_000;

type Asked = Parameters<typeof subjectOf>[0];

/** The newest that is put for it. Two calls that want the same at the same time have one question each. */
const questionsAbout = (run: Live, asked: Asked) =>
  run.interactions.filter(({ kind, about }) => kind === 'permission' && about === subjectOf(asked));

const answerTo = (run: Live, id: string): 'allow' | 'deny' | null => {
  const question = run.interactions.find((interaction) => interaction.id === id);
  if (!question || question.outcome === null) return null;
  const isAllowed = question.outcome === 'answered' && (question.answer === 'y' || question.answer === ALWAYS);
  return isAllowed ? 'allow' : 'deny';
};

/** Waits under the lease, which is kept: the question is open beside the work. */
const awaitAnswer = async (attempt: Attempt, id: string, signal: AbortSignal): Promise<'allow' | 'deny'> => {
  try {
    return await attempt.when((run) => answerTo(run, id), AbortSignal.any([signal, attempt.signal]));
  } catch (error) {
    if (attempt.signal.aborted || !signal.aborted) throw error;
    await attempt.report({ fact: 'permission.dropped', interaction: id });
    return 'deny';
  }
};

/** Has a person decide what an agent may do. What was allowed for the whole run is known from the log. */
export const createPermit = (attempt: Attempt, redact: Redact): NonNullable<EngineContext['permit']> => {
  /** One after the other: whose question was opened by a report is then without doubt. */
  let asking: Promise<unknown> = Promise.resolve();
  const put = async (request: PermissionRequest): Promise<string | 'allow'> => {
    const { engine, kind, title, command } = request;
    const line = command === null ? null : redact(command).slice(0, MOST_COMMAND);
    const data = { engine, kind, title: redact(title).slice(0, MOST_TITLE), command: line };
    request.signal.throwIfAborted();
    if (isPermitted(attempt.run(), data)) return 'allow';
    await attempt.report({ fact: 'permission.asked', data });
    const [question] = questionsAbout(attempt.run(), data).slice(-1);
    if (!question) throw new Error(`what ${engine} asked for was not put to anybody`);
    return question.id;
  };
  return async (request) => {
    const { attended } = attempt.run().submission;
    if (!attended && request.unattended !== 'ask') return request.unattended;
    const turn = asking.then(() => put(request));
    asking = turn.catch(() => undefined);
    const id = await turn;
    return id === 'allow' ? id : awaitAnswer(attempt, id, request.signal);
  };
};
