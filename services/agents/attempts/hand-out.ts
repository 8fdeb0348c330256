import * as z from 'zod';
import type { WorkKind } from '#contracts';
import { EngineAnswer, LearningDomain } from '#contracts';
import { type HandedOut, unusedAnswer } from '#domain';
import { type Capabilities, type EngineContext, type HandedIn, mapTexts, type RequestDocument } from '#engines';
import type { Redact, Workspace } from '#workspace';
import type { Attempt } from './attempt.ts';
import { AttemptFailed, LeaseEnded } from './errors.ts';

/** How long people have. */
export interface HandOutSettings {
  /** Who took work has to hand it in, renew or give it back within this time. */
  readonly leaseMs: number;
  /** From then on nobody waits for it; 0: it waits for as long as it takes. */
  readonly workMs: number;
}

export interface HandOutParts {
  readonly attempt: Attempt;
  readonly workspace: Workspace | null;
  readonly settings: HandOutSettings;
  readonly redact: Redact;
}

const CAPABILITY: Readonly<Record<WorkKind, keyof Capabilities>> = {
  plan: 'plan',
  decompose: 'decompose',
  step: 'work',
  fix: 'work',
};

/** As `hand_in_work` records it. */
const Stored = z.object({
  answer: EngineAnswer,
  learnings: z.array(z.object({ domain: LearningDomain.nullable(), text: z.string() })),
});

const aboutOf = (request: RequestDocument): string => {
  if (request.kind === 'step') return request.step.id;
  return request.kind === 'fix' ? request.gate : request.kind;
};

/** What lies there goes along: a try that failed is gone on from, also by somebody else. */
const filesFor = async (attempt: Attempt, workspace: Workspace | null, about: string): Promise<string | null> => {
  if (!workspace) return null;
  const commit = await workspace.snapshot(`What ${about} of ${attempt.id} begins with`);
  if (commit !== workspace.head()) await workspace.pin(commit, 0);
  return commit;
};

const putBack = async (workspace: Workspace | null, { id, closed }: HandedOut): Promise<void> => {
  const commit = closed?.commit ?? null;
  if (!workspace || commit === null) return;
  if (!(await workspace.has(commit)))
    throw new AttemptFailed('code_error', `the files of ${id} (commit ${commit}) are not in the repository any more`);
  await workspace.layOut(commit);
};

/** Hands work of an attempt out, and takes in what a lease before handed out and somebody has done. */
export const createHandOut = ({ attempt, workspace, settings, redact }: HandOutParts) => {
  const takenIn = new Set<string>();
  const answered = (): HandedOut | undefined => {
    const found = unusedAnswer(attempt.run());
    return found && !takenIn.has(found.id) ? found : undefined;
  };

  const takeIn = async (found: HandedOut): Promise<HandedIn> => {
    takenIn.add(found.id);
    if (found.closed?.outcome === 'expired') return { outcome: 'expired', deadline: found.deadline };
    const { answer, learnings } = Stored.parse(found.closed?.answer);
    await putBack(workspace, found);
    return { outcome: 'answered', answer, learnings, by: found.closed?.by ?? 'a person' };
  };

  const handOut = async (request: RequestDocument): Promise<never> => {
    const { assignments } = attempt.run();
    const about = aboutOf(request);
    const { leaseMs, workMs } = settings;
    const data = {
      work: `work_${assignments.length + 1}`,
      role: attempt.invocation().role,
      kind: request.kind,
      about,
      round: request.kind === 'plan' ? (request.round?.number ?? null) : null,
      request: mapTexts({ ...request, directory: '' }, redact),
      commit: await filesFor(attempt, workspace, about),
      leaseMs,
      deadline: workMs > 0 ? new Date(Date.now() + workMs).toISOString() : null,
    };
    await attempt.report({ fact: 'work.handed_out', data }, { fact: 'lease.released', data: { reason: 'asked' } });
    throw new LeaseEnded(attempt.id, attempt.lease);
  };

  return {
    /** Somebody has done work of this kind, and it is not taken in yet. */
    isAnswered: (capability: keyof Capabilities): boolean => {
      const found = answered();
      return found !== undefined && CAPABILITY[found.kind] === capability;
    },
    /** @throws {LeaseEnded} it is out: whoever gets the next lease asks again */
    handOut: (async (request) => {
      const found = answered();
      const fits = found?.kind === request.kind && found.about === aboutOf(request);
      return found && fits ? takeIn(found) : handOut(request);
    }) satisfies EngineContext['handOut'],
  };
};
