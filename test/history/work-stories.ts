import type { Command } from '#domain';
import { commit, failureOf, gates, prepared, stepDone, stepStarted, stepTried } from '../support/facts.ts';
import { does, handsOut } from '../support/work-facts.ts';
import { begin, finish, type Story, withPlan } from './story.ts';

const take = (id: string): Command => ({ type: 'take_work', taker: { id, host: 'host-2' } });
const handIn = (lease: number, digit: string): Command => ({
  type: 'hand_in_work',
  lease,
  answer: does(),
  learnings: [{ domain: null, text: 'the router is generated' }],
  commit: commit(digit),
});

/** What golden logs show of work that is done by hand. */
export const workStories: Readonly<Record<string, Story>> = {
  'done-by-hand': async (run) => {
    await run.submit(withPlan(1));
    await begin(run);
    await run.report(stepStarted('step_1'));
    await run.report(...handsOut(1, 'step', 'step_1'));
    await run.give(take('t1'));
    await run.give({ type: 'give_back_work', lease: await run.holder() });
    await run.give(take('t2'), 'person:bob');
    await run.give({ type: 'renew_work', lease: await run.holder() }, 'person:bob');
    await run.give(handIn(await run.holder(), 'b'), 'person:bob');
    await run.start(42);
    await run.report(prepared, gates('test'), stepStarted('step_1'));
    await run.report(stepTried('step_1', 1, failureOf('code_error', { error: 'it answers 404' })));
    await run.report(stepStarted('step_1', 2));
    await run.report(...handsOut(2, 'step', 'step_1', { commit: commit('b'), deadline: '2026-02-02T18:00:00.000Z' }));
    await run.give(take('t3'));
    run.pass(3_600_000);
    await run.give({ type: 'time_out' }, 'service:router');
    await run.give(take('t4'));
    await run.give(handIn(await run.holder(), 'c'));
    await run.start(43);
    await run.report(stepStarted('step_1', 2));
    await run.report(stepDone('step_1', commit('c'), { number: 2 }));
    await finish(run, 'c');
  },
};
