import type { FixedText } from '#context';
import type { HandoffContext } from '#contracts';
import type { Engine, EngineRequest, PlanRequest } from '#engines';

type Source = readonly [source: string, text: string | null];

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

const answersOf = ({ answers }: Pick<PlanRequest, 'answers'>) => (answers.length > 0 ? json(answers) : null);

/** What a request says beside what is counted elsewhere: names of fields, kind, ids. */
const frameOf = (request: EngineRequest): unknown => {
  switch (request.kind) {
    case 'plan':
      return { kind: request.kind, task_id: request.taskId, skills: request.skills, round: request.round };
    case 'decompose':
      return { kind: request.kind, skills: request.skills };
    case 'step':
      return { kind: request.kind, try: request.try };
    case 'fix':
      return { kind: request.kind, gate: request.gate, command: request.command, try: request.try };
  }
};

const workOf = (request: EngineRequest): readonly Source[] => {
  switch (request.kind) {
    case 'plan': {
      const { plan: _, ...failure } = request.failure ?? {};
      return [
        ['hint', request.hint],
        ['failure', request.failure && json(failure)],
        ['answers', answersOf(request)],
      ];
    }
    case 'decompose':
      return [
        ['hint', request.hint],
        ['specification', request.specification],
        ['answers', answersOf(request)],
      ];
    case 'step':
      return [
        ['hint', request.hint],
        ['step', json(request.step)],
        ['error', json(request.previous)],
      ];
    case 'fix':
      return [['output', request.output]];
  }
};

export interface Given {
  readonly handoff: HandoffContext | null;
  readonly backlog: string | null;
}

/** What is given word for word: it is counted, and never cut. */
export const requestTexts = (request: EngineRequest, { handoff, backlog }: Given): readonly FixedText[] => {
  const failed = request.kind === 'plan' ? json(request.failure?.plan) : null;
  const texts: readonly (readonly [FixedText['pool'], Source])[] = [
    ['reserved', ['request', json(frameOf(request))]],
    ['backlog', ['backlog.json', backlog]],
    ['plans', ['plan.json (failed)', failed]],
    ['working', ['goal', request.goal]],
    ['working', ['handoff', json(handoff)]],
    ...workOf(request).map((source) => ['working', source] as const),
  ];
  return texts.flatMap(([pool, [source, text]]) => (text === null ? [] : [{ pool, source, text }]));
};

/** What the engine gives its model beside the request: it is counted, and never cut. */
export const instructionTexts = (
  request: EngineRequest,
  { instructions }: Pick<Engine, 'instructions'>,
): readonly FixedText[] =>
  (instructions?.(request) ?? []).map(({ source, text }) => ({ pool: 'reserved', source, text }));
