import type { HookData, HookName } from '#contracts';
import { assignmentDocument, type State, stateDocument, type Wish } from '#domain';
import type { CloudEvent } from '#events';

type NotifyWish = Extract<Wish, { do: 'notify' }>;
type Known = Exclude<State, { lifecycle: 'absent' }>;

/** What a hook gets: CloudEvents 1.0, structured JSON. Its id is that of the notice, the same at every try. */
export type NoticeEvent = Pick<
  CloudEvent,
  'specversion' | 'id' | 'source' | 'type' | 'subject' | 'time' | 'datacontenttype'
> & { readonly data: HookData };

/** A run that went back and ended once more is told of once more. */
const endOf = ({ past }: Known): string => (past.times === 0 ? 'end' : `end-${past.times + 1}`);

/** `<orchestration>/<what it is about>`: names what is to be told, once for all. */
export const noticeFor = (id: string, { about }: NotifyWish, state: Known): string =>
  `${id}/${about === 'end' ? endOf(state) : about}`;

/** The run that a notice is about. */
export const runOf = (notice: string): string => notice.slice(0, notice.indexOf('/'));

const common = (hook: HookName, state: Known) => {
  const { goal, labels, workspace, parent, outcome } = stateDocument(state, null);
  return { hook, orchestration: state.id, goal, labels, workspace, parent, outcome };
};

const eventOf = (notice: string, time: string, data: HookData): NoticeEvent => ({
  specversion: '1.0',
  id: notice,
  source: `/orchestrations/${data.orchestration}`,
  type: `studio.hook.${data.hook}`,
  subject: data.orchestration,
  time,
  datacontenttype: 'application/json',
  data,
});

/** What there is to tell now; `null` when it is no news any more: it was answered, or the run went on. */
export const tell = (notice: string, state: State): NoticeEvent | null => {
  if (state.lifecycle === 'absent') return null;
  const about = notice.slice(notice.indexOf('/') + 1);
  if (about.startsWith('end')) {
    if (state.lifecycle !== 'ended' || about !== endOf(state)) return null;
    const hook = state.outcome.kind === 'completed' ? 'completed' : 'failed';
    return eventOf(notice, state.outcome.time, { ...common(hook, state), interaction: null, assignment: null });
  }
  const waiting = common('waiting', state);
  const work = state.assignments.find(({ id, closed }) => id === about && closed === null);
  if (work)
    return eventOf(notice, work.openedAt, { ...waiting, interaction: null, assignment: assignmentDocument(work) });
  const interaction = state.interactions.find(({ id, outcome }) => id === about && outcome === null);
  return interaction ? eventOf(notice, interaction.opened_at, { ...waiting, interaction, assignment: null }) : null;
};
