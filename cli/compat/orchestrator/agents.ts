import { MAX_ERROR_CHARACTERS } from '#contracts/limits';
import { answerOf, byHand, handInWork, takeWork } from './by-hand.ts';
import { type Command, currentState, documentOf, printJson, sessionOf, tell } from './desk.ts';

export const agentStart: Command = async ([agent = ''], desk) => {
  const work = await byHand(
    () => tell(desk, { command: 'outside_start', agent, input: {} }),
    () => takeWork(desk, agent),
  );
  desk.voice.say(`Agent started: ${agent}`);
  if (work) printJson(desk, work);
  return 0;
};

export const agentComplete: Command = async ([agent = '', json], desk) => {
  const output = documentOf(json, desk);
  await byHand(
    () => tell(desk, { command: 'outside_complete', agent, output }),
    () => handInWork(desk, agent, answerOf(output)),
  );
  desk.voice.say(`Agent completed: ${agent}`);
  return 0;
};

/** Its two ends, for what failed is told at one of them: whole output of a tool is given as an error, too. */
const shortened = (error: string): string => {
  if (error.length <= MAX_ERROR_CHARACTERS) return error;
  const half = MAX_ERROR_CHARACTERS / 2 - 50;
  return `${error.slice(0, half)}\n… ${error.length - 2 * half} characters are left out here …\n${error.slice(-half)}`;
};

export const agentFail: Command = async ([agent = '', told = ''], desk) => {
  const error = shortened(told);
  await byHand(
    () => tell(desk, { command: 'outside_fail', agent, error }),
    () => handInWork(desk, agent, { type: 'failed', error }),
  );
  desk.voice.fail(`Agent failed: ${agent} - ${error}`);
  return 0;
};

export const handoff: Command = async ([from = '', to = '', json], desk) => {
  await tell(desk, { command: 'outside_hand_over', from, to, context: documentOf(json, desk) });
  desk.voice.say(`Handoff: ${from} -> ${to}`);
  return 0;
};

/** Prints `{}` for an agent that was handed nothing, and where there is no session. */
export const getHandoff: Command = async ([agent], desk) => {
  if (desk.sessions.current() === null) {
    printJson(desk, {});
    return 0;
  }
  const { handoffs } = await currentState(desk);
  printJson(desk, handoffs.findLast(({ to_agent }) => to_agent === agent)?.context_passed ?? {});
  return 0;
};

/** What is said beside a document goes where it cannot spoil it. */
export const recover: Command = async ([agent], desk) => {
  const id = sessionOf(desk);
  const recovery = await (await desk.studio()).outsideRecovery(id, agent || null);
  printJson(desk, recovery);
  desk.voice.warn(`Recovery decision: ${recovery.action} (${recovery.reason})`);
  return 0;
};
