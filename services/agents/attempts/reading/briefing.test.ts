import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContextPolicy, Plan } from '#contracts';
import type { ReportItem } from '#domain';
import type { PlanRequest, StepRequest } from '#engines';
import { planOf, started, submittedWithPlan } from '../../../../test/support/facts.ts';
import { given } from '../../../../test/support/spec.ts';
import type { Attempt } from '../attempt.ts';
import { createBriefing } from './briefing.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'studio-briefing-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(join(workspace, path, '..'), { recursive: true });
  await writeFile(join(workspace, path), text);
};

const roomy = { soft: 100_000, hard: 200_000 };
const policyWith = (pools: Partial<ContextPolicy['pools']> = {}): ContextPolicy => ({
  pools: { reserved: roomy, learnings: roomy, backlog: roomy, plans: roomy, context7: roomy, working: roomy, ...pools },
  total: { soft: 1_000_000, hard: 2_000_000 },
});

/** The briefing of a builder that has just started, and what it noted. */
const briefingUnder = (policy: ContextPolicy) => {
  const { state } = given(submittedWithPlan(planOf(2)), started(3));
  if (state.lifecycle !== 'live') throw new Error('the run of this test lives');
  const [current] = state.invocations;
  const noted: ReportItem[] = [];
  const said: string[] = [];
  const attempt = {
    run: () => state,
    invocation: () => current,
    note: (item: ReportItem) => void noted.push(item),
    // The rest of an attempt is of no concern here.
  } as unknown as Attempt;
  const place = { workspace, studioDir: undefined };
  const brief = createBriefing({ attempt, policy, place, allocate: () => {}, say: (line) => void said.push(line) });
  return { brief, noted, said };
};

const plan: Plan = planOf(2);
const [first] = plan.steps;
if (!first) throw new Error('a plan has steps');
const step: StepRequest = { kind: 'step', goal: 'Add a page', plan, step: first, try: 1, previous: null, hint: null };
const planning: PlanRequest = {
  kind: 'plan',
  goal: 'Add a page',
  taskId: 'T1',
  skills: [],
  hint: null,
  failure: null,
  round: null,
  answers: [],
};
const sourcesIn = (items: readonly ReportItem[]) =>
  items.flatMap((item) =>
    item.fact === 'context.given' ? item.data.pieces.map(({ pool, source }) => `${pool} ${source}`) : [],
  );

test('what is given is noted with pool, source, hash and tokens', async () => {
  await put('studio/learnings/global.md', '## 2026-06-01: mind the gap\n');
  await put('.studio/.cache/context7/zod.md', 'z.string()');
  const { brief, noted } = briefingUnder(policyWith());
  const briefed = await brief({ ...step, hint: 'slowly', previous: { error: 'it broke', hints: [] } });
  expect(briefed).toMatchObject({
    outcome: 'briefed',
    request: {
      learnings: [{ text: 'mind the gap' }],
      docs: [{ library: 'zod', text: 'z.string()' }],
      plan,
      backlog: null,
    },
  });
  expect(sourcesIn(noted)).toEqual([
    'reserved request',
    'working goal',
    'working hint',
    'working step',
    'working error',
    'learnings learnings/global.md',
    'context7 docs/zod.md',
    'plans plan.json',
  ]);
  expect(noted[0]?.fact === 'context.given' && noted[0].data.pieces[1]).toEqual({
    hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    source: 'goal',
    pool: 'working',
    tokens: 3,
  });
});

test('whoever plans is told the backlog, as much as fits, and who carries out a step is not', async () => {
  const task = { title: 'Do it', status: 'open', waits_for: [] };
  const tasks = Array.from({ length: 50 }, (_, n) => ({ id: `T${n + 1}`, ...task }));
  await put('.studio/backlog.json', JSON.stringify({ tasks }));
  const { brief, noted } = briefingUnder(policyWith({ backlog: { soft: 40, hard: 60 } }));
  const briefed = await brief(planning);
  expect(briefed).toMatchObject({ request: { backlog: expect.stringMatching(/^- T1 open: Do it\n- T2 open/) } });
  expect(sourcesIn(noted)).toContain('backlog backlog.json');
  expect(await brief(step)).toMatchObject({ request: { backlog: null } });
});

test('a plan that failed before counts among the plans, what became of it as work', async () => {
  const failure = {
    plan,
    failure_reason: 'step_1 failed',
    completed_steps: [],
    failed_step: 'step_1',
    error_details: 'e',
    suggestion: 's',
  };
  const { brief, noted } = briefingUnder(policyWith());
  await brief({ ...planning, failure });
  expect(sourcesIn(noted)).toEqual(expect.arrayContaining(['plans plan.json (failed)', 'working failure']));
});

test('more than fits is not given: what is full is named, and what would help', async () => {
  const { brief, noted } = briefingUnder(policyWith({ working: { soft: 5, hard: 10 } }));
  expect(await brief({ ...planning, goal: 'Add a page '.repeat(20) })).toEqual({
    outcome: 'cannot',
    reason: expect.stringMatching(/pool working holds \d+ tokens after optimisation, and 10 is the most$/),
    unblock: 'raise context.pools.working.hard in .studio/config.yaml, or say it in fewer words; then retry',
  });
  const problem = expect.stringMatching(/^pool working holds/);
  expect(noted).toMatchObject([{ fact: 'context.refused', data: { role: 'builder', work: 'plan', problem } }]);
});

test('an idle agent is made space for at a warning, and pressure is told', async () => {
  const doc = 'word '.repeat(90);
  await put('.studio/.cache/context7/unused.md', doc);
  const { brief, noted, said } = briefingUnder(policyWith({ context7: { soft: 100, hard: 200 } }));
  expect(await brief(step)).toMatchObject({ request: { docs: [] } });
  expect(noted.map(({ fact }) => fact)).toEqual(['context.optimised', 'context.given']);
  expect(said).toEqual([expect.stringMatching(/^context: clear unused documentation \(\d+ tokens freed\)$/)]);
});

test('an agent at work is made space for only at critical pressure', async () => {
  const { brief, noted, said } = briefingUnder(policyWith({ plans: { soft: 1_000, hard: 2_000 } }));
  await brief(planning);
  await brief({ ...step, plan: { ...plan, goal: 'word '.repeat(700) } });
  expect(noted.map(({ fact }) => fact)).toEqual(['context.given', 'context.given']);
  expect(said).toEqual([expect.stringMatching(/^context: pressure is at warning, \d+ tokens are given$/)]);
});

test('a goal without a workspace is given what the request says, and nothing else', async () => {
  const { state } = given(submittedWithPlan(planOf(1)), started(3));
  if (state.lifecycle !== 'live') throw new Error('the run of this test lives');
  const attempt = { run: () => state, invocation: () => state.invocations[0], note: () => {} } as unknown as Attempt;
  const brief = createBriefing({ attempt, policy: policyWith(), place: null, allocate: () => {}, say: () => {} });
  expect(await brief(planning)).toMatchObject({ request: { learnings: [], docs: [], backlog: null } });
});
