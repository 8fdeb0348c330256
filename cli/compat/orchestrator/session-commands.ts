import { type Command, currentState, type Desk, printJson, sessionOf, tell } from './desk.ts';
import { pluginState } from './plugin-state.ts';
import { isSessionId } from './sessions.ts';
import { statusReport } from './status.ts';

export const init: Command = async ([goal = '', mode = 'implicit'], desk) => {
  const { voice, sessions, io } = desk;
  if (mode !== 'implicit' && mode !== 'explicit') return voice.fail(`Unknown mode: ${mode}; implicit or explicit`);
  const studio = await desk.studio();
  const submission = { goal, mode, confirm: false, driver: 'outside', workspace: io.cwd };
  const answer = await studio.submit(submission, { trigger: 'cli', source: 'scripts/orchestrator.sh' });
  if (answer.outcome === 'rejected' || answer.outcome === 'conflict') return voice.fail(...answer.problems);
  const { id } = answer;
  sessions.project(pluginState(await studio.state(id)));
  sessions.setCurrent(id);
  voice.say(`Orchestration session initialized: ${id}`);
  io.out(`${id}\n`);
  return 0;
};

export const state: Command = async ([id], desk) => {
  const wanted = id || sessionOf(desk);
  printJson(desk, pluginState(await (await desk.studio()).state(wanted)));
  return 0;
};

export const status: Command = async (_args, desk) => {
  if (desk.sessions.current() === null) desk.io.out('\nNo active orchestration session\n\n');
  else desk.io.out(`${statusReport(await currentState(desk), desk.io).join('\n')}\n`);
  return 0;
};

export const checkpoint: Command = async ([name = ''], desk) => {
  const document = await tell(desk, { command: 'checkpoint', name });
  const saved = document.checkpoints.findLast((candidate) => candidate.name === name);
  if (!saved) throw new Error(`checkpoint ${name} was saved and is not there`);
  desk.sessions.project(pluginState(document), saved.id);
  desk.voice.say(`Checkpoint saved: ${name} (${saved.id})`);
  desk.io.out(`${saved.id}\n`);
  return 0;
};

export const resume: Command = async ([wanted], desk) => {
  const { checkpoints } = await currentState(desk);
  const target = wanted || checkpoints.at(-1)?.id;
  if (target === undefined) return desk.voice.fail('No checkpoint found');
  await tell(desk, { command: 'resume', checkpoint: target });
  desk.voice.say(`Resumed from checkpoint: ${target}`);
  return 0;
};

const isUnknown = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'input.not_found';

/**
 * Ends a session that still goes on. One that Studio drives, or that the log does not know, only loses its files.
 * @returns its whole id
 */
const end = async (desk: Desk, id: string): Promise<string> => {
  const studio = await desk.studio();
  const known = await studio.state(id).catch((error: unknown) => {
    if (isUnknown(error)) return null;
    throw error;
  });
  if (known?.outside && !known.outcome) await studio.control(known.id, { command: 'outside_end' });
  return known?.id ?? id;
};

export const cleanup: Command = async ([wanted], desk) => {
  const { voice, sessions } = desk;
  const named = wanted || sessions.current();
  if (named === null) {
    voice.warn('No session to clean up');
    return 0;
  }
  if (!isSessionId(named)) return voice.fail(`Not a session: ${named}`);
  const id = await end(desk, named);
  sessions.remove(id);
  voice.say(`Cleaned up session: ${id}`);
  return 0;
};
