import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import type { Context, Evolvers } from '../context.ts';
import { close } from '../interactions/closing.ts';
import { deadlineAfter, type Question } from '../interactions/opening.ts';
import { currentInvocation, type Live, type Permit, presentInteractions, type Run } from '../run.ts';

type Asked = EventOf<'permission.asked'>['data'];

/** The answer that holds for all of the run. */
export const ALWAYS = 'always';

/** The same again, as far as somebody who allows it for the whole run is concerned: this very command, or this kind. */
export const subjectOf = ({ engine, kind, command }: Pick<Asked, 'engine' | 'kind' | 'command'>): string =>
  command === null ? `${engine} ${kind}` : `${engine} ${kind} ${command}`;

/** A person has allowed it for the whole run, and the run did not go back since. */
export const isPermitted = (run: Run, asked: Pick<Asked, 'engine' | 'kind' | 'command'>): boolean =>
  presentInteractions(run).some(
    ({ kind, about, answer }) => kind === 'permission' && answer === ALWAYS && about === subjectOf(asked),
  );

const isCurrent = (run: Run, { lease }: Permit): boolean => currentInvocation(run)?.lease?.number === lease;

const promptOf = ({ engine, kind, title, command }: Permit): string =>
  command === null
    ? `${engine} wants to ${kind === 'other' ? 'do' : kind}: ${title}`
    : `${engine} wants to run: ${command}`;

/** Put beside whatever else is open: an agent waits for it, and nobody else does. */
export const permissionQuestion = (run: Run, context: Context): Question | null => {
  const permit = run.permits.find((one) => one.interaction === null && isCurrent(run, one));
  if (!permit) return null;
  return {
    kind: 'permission',
    prompt: promptOf(permit),
    options: [
      { key: 'y', label: 'allow it once' },
      {
        key: ALWAYS,
        label: `allow ${permit.command === null ? 'what is of this kind' : 'this command'} for the whole run`,
      },
      { key: 'n', label: 'deny it' },
    ],
    deadline: deadlineAfter(run.submission.policy.questionMs, context),
    default: 'n',
    about: subjectOf(permit),
  };
};

/** Closes what an agent asked for that waits no more: its lease is over. */
export const supersedePermission = (run: Live): EventOf<'interaction.closed'> | null => {
  for (const permit of run.permits) {
    const interaction = run.interactions.find(({ id }) => id === permit.interaction);
    if (interaction?.outcome === null && !isCurrent(run, permit)) return close(interaction, 'superseded');
  }
  return null;
};

/** The agent does not wait any more. Nothing, where it has its answer. */
export const dropPermission = (run: Live, id: string): readonly EventOf<'interaction.closed'>[] =>
  run.interactions
    .filter((interaction) => interaction.id === id && interaction.kind === 'permission' && interaction.outcome === null)
    .map((interaction) => close(interaction, 'withdrawn'));

/** The permits after one was put to a person. */
export const permitsOpened = (
  { permits }: Pick<Run, 'permits'>,
  { interaction, kind, about }: Pick<EventOf<'interaction.opened'>['data'], 'interaction' | 'kind' | 'about'>,
): Run['permits'] => {
  const put = permits.find((one) => one.interaction === null && subjectOf(one) === about);
  return kind === 'permission' && put ? permits.map((one) => (one === put ? { ...one, interaction } : one)) : permits;
};

export const permissionEvolvers: Evolvers<'permission.asked'> = {
  'permission.asked': (run, { data: { seq, ...asked } }) => ({
    invocations: seen(run, seq),
    permits: [...run.permits.filter((permit) => isCurrent(run, permit)), { ...asked, interaction: null }],
  }),
};
