import { expect, test } from 'vitest';
import { HookData } from '#contracts';
import { react, type State } from '#domain';
import { aborted, closed, submitted } from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import { noticeFor, runOf, tell } from './notice.ts';

const asking = [submitted({ mode: 'explicit' })] as const;
const ended = [...asking, closed(1, 'withdrawn'), aborted('no')] as const;

const stateOf = (...facts: Facts): Exclude<State, { lifecycle: 'absent' }> => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return state;
};
/** What is wished to be told of a state. */
const noticesOf = (state: Exclude<State, { lifecycle: 'absent' }>): readonly string[] =>
  react(state).flatMap((wish) => (wish.do === 'notify' ? [noticeFor(state.id, wish, state)] : []));

test('what waits is told under the same id each time, until it is answered', () => {
  const state = stateOf(...asking);
  const [notice = ''] = noticesOf(state);
  expect(notice).toBe(`${state.id}/int_1`);
  expect(runOf(notice)).toBe(state.id);
  const event = tell(notice, state);
  expect(event).toMatchObject({
    specversion: '1.0',
    id: notice,
    type: 'studio.hook.waiting',
    subject: state.id,
    data: { hook: 'waiting', outcome: null, interaction: { id: 'int_1', kind: 'route' } },
  });
  expect(HookData.safeParse(event?.data).success).toBe(true);
  expect(tell(notice, stateOf(...asking, closed(1, 'answered', 'y')))).toBeNull();
});

test('an end is told with its outcome', () => {
  const state = stateOf(...ended);
  expect(noticesOf(state)).toEqual([`${state.id}/end`]);
  const event = tell(`${state.id}/end`, state);
  expect(event).toMatchObject({
    type: 'studio.hook.failed',
    data: { interaction: null, outcome: { kind: 'aborted', reason: 'no' } },
  });
  expect(HookData.safeParse(event?.data).success).toBe(true);
});

test('a run that went back and ended again is told of again; what it was before is no news', () => {
  const first = stateOf(...ended);
  const again = { ...first, past: { ...first.past, times: 1 } };
  expect(noticesOf(again)).toEqual([`${first.id}/end-2`]);
  expect(tell(`${first.id}/end`, again)).toBeNull();
  expect(tell(`${first.id}/end-2`, again)).toMatchObject({ id: `${first.id}/end-2` });
});
