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

export const agentFail: Command = async ([agent = '', error = ''], desk) => {
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
