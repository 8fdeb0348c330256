import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Workflow } from '#contracts';
import { RoutingPolicy } from './policy.ts';
import { type RouteInput, route } from './route.ts';

const policy = RoutingPolicy.parse(parse(readFileSync(new URL('../../../data/routing.yaml', import.meta.url), 'utf8')));
const decide = (goal: string, given: Partial<RouteInput> = {}) =>
  route({ goal, tasks: [], hasPlan: false, requested: null, ...given }, policy);

const table: readonly (readonly [workflow: Workflow, confidence: number, goal: string])[] = [
  // a defect is repaired
  ['build_only', 0.7, 'Fix the typo in the README'],
  ['build_only', 0.7, 'Fix login bug'],
  ['build_only', 0.7, 'Fix the project page'],
  ['build_only', 0.7, 'Fix the billing system'],
  ['build_only', 0.7, 'fix the platform'],
  ['build_only', 0.7, 'Fix the error when adding a new user'],
  ['build_only', 0.7, 'Please fix the broken build'],
  ['build_only', 0.7, 'Can you fix the date picker?'],
  ['build_only', 0.7, 'We need to fix error handling in the API'],
  ['build_only', 0.7, 'I want you to fix the flaky checkout test'],
  ['build_only', 0.7, "Let's debug the memory leak in the worker"],
  ['build_only', 0.7, 'fix(auth): refresh token expires too early'],
  ['build_only', 0.7, 'Hotfix the pricing rounding'],
  ['build_only', 0.7, 'Correct the spelling of "seperate" in all docs'],
  ['build_only', 0.7, 'Fix the create button'],
  ['build_only', 0.7, 'Fix bug in the refactoring tool'],
  ['build_only', 0.7, 'Fix the typo and update the changelog'],
  ['build_only', 0.7, 'Implement a fix for the login redirect'],
  ['build_only', 0.7, 'Add a fix for issue #42'],
  ['build_only', 0.7, "Don't refactor anything, just fix the null check"],
  ['build_only', 0.7, 'Investigate the error in the payment webhook'],
  ['build_only', 0.7, 'Remove the typo from the landing page'],
  ['build_only', 0.7, 'In the login page, fix the submit button'],
  ['build_only', 0.7, 'Fix the multi-tenant login page'],
  // no imperative: the thing that is wrong counts
  ['build_only', 0.7, 'Why does login error out?'],
  ['build_only', 0.7, 'The login page throws an error when the password is empty'],
  ['build_only', 0.7, 'Login bug'],
  ['build_only', 0.7, 'Typo in README.md'],
  ['build_only', 0.7, 'Bug: cannot save profile'],
  ['build_only', 0.7, 'There is a bug in the export'],
  ['build_only', 0.7, 'Build error on Windows'],
  ['build_only', 0.7, 'The build fails on Node 22'],
  ['build_only', 0.7, 'Search is not working'],
  ['build_only', 0.7, 'Login should work offline but it crashes'],
  ['build_only', 0.7, 'When I click save, an error appears'],
  ['build_only', 0.7, 'I need a fix for the sidebar'],
  ['build_only', 0.7, 'Users see a 500 error on checkout. Please look into it.'],
  ['build_only', 0.7, 'Failing tests in CI'],
  ['build_only', 0.7, 'Investigate why builds fail'],
  ['build_only', 0.7, 'NullPointerException in UserService'],
  ['build_only', 0.7, '[BUG] Login crashes on iOS'],
  ['build_only', 0.7, 'Do not add dependencies; fix the parser'],
  // something new
  ['plan_then_build', 0.85, 'Would it be possible to add dark mode?'],
  ['plan_then_build', 0.85, 'Set up the project'],
  ['plan_then_build', 0.85, 'Create an entire test suite'],
  ['plan_then_build', 0.85, 'Build the system tray icon'],
  ['plan_then_build', 0.85, 'docs: add API guide'],
  ['plan_then_build', 0.85, 'Add OAuth login'],
  ['plan_then_build', 0.85, 'Add a health endpoint'],
  ['plan_then_build', 0.85, 'Add user authentication with OAuth'],
  ['plan_then_build', 0.85, 'Build the error page'],
  ['plan_then_build', 0.85, 'Add a fix button'],
  ['plan_then_build', 0.85, 'Create a bug report form'],
  ['plan_then_build', 0.85, 'Create a bug tracker'],
  ['plan_then_build', 0.85, 'Add error handling to the API client'],
  ['plan_then_build', 0.85, 'Add logging to the system'],
  ['plan_then_build', 0.85, 'Add a plugin system'],
  ['plan_then_build', 0.85, 'Create the project settings page'],
  ['plan_then_build', 0.85, 'Build a dashboard for the billing platform'],
  ['plan_then_build', 0.85, 'Implement dark mode'],
  ['plan_then_build', 0.85, 'please add a logout link to the header'],
  ['plan_then_build', 0.85, "I'd like to add CSV export"],
  ['plan_then_build', 0.85, 'Could you please create a script that checks links?'],
  ['plan_then_build', 0.85, 'It would be nice to add keyboard navigation'],
  ['plan_then_build', 0.85, 'Add undo, fix and delete buttons to the toolbar'],
  ['plan_then_build', 0.85, 'Add a backlog view'],
  ['plan_then_build', 0.85, 'Add an enterprise pricing page'],
  ['plan_then_build', 0.85, 'Create a complete list of contributors'],
  ['plan_then_build', 0.85, 'Write the README from scratch'],
  ['plan_then_build', 0.85, 'Create a page with a rating system'],
  ['plan_then_build', 0.85, 'Add a button labelled "Fix error"'],
  ['plan_then_build', 0.85, 'Implement debugging of the worker'],
  ['plan_then_build', 0.85, 'The login page is slow. Add caching.'],
  ['plan_then_build', 0.85, 'Add a dashboard that shows queue length, API latency and database size'],
  ['plan_then_build', 0.85, 'Add a login page:\n- email and password\n- remember me\n- rate limit'],
  ['plan_then_build', 0.85, 'To support invoices, add a PDF endpoint'],
  ['plan_then_build', 0.85, 'ADD A HEALTH ENDPOINT!!!'],
  // restructuring
  ['plan_then_build', 0.9, 'Refactor to fix the bug'],
  ['plan_then_build', 0.9, 'Refactor debugging module'],
  ['plan_then_build', 0.9, 'Refactor the error handling'],
  ['plan_then_build', 0.9, 'Refactor the billing system'],
  ['plan_then_build', 0.9, 'Reorganize the project'],
  ['plan_then_build', 0.9, 'Restructure the fix-up scripts'],
  ['plan_then_build', 0.9, 'Refactor the user service and add tests'],
  ['plan_then_build', 0.9, 'Can we refactor the bug tracker integration?'],
  // no signal
  ['plan_then_build', 0.8, 'Make it faster'],
  ['plan_then_build', 0.8, 'Update the error page'],
  ['plan_then_build', 0.8, 'Handle errors in the API'],
  ['plan_then_build', 0.8, 'Show an error when the form is empty'],
  ['plan_then_build', 0.8, 'The form should show an error when the name is empty'],
  ['plan_then_build', 0.8, 'Dark mode'],
  ['plan_then_build', 0.8, 'Error page redesign'],
  ['plan_then_build', 0.8, 'Error messages in French'],
  ['plan_then_build', 0.8, "Rename 'bug' to 'issue' everywhere".replaceAll("'", '`')],
  ['plan_then_build', 0.8, 'The system is hard to understand'],
  ['plan_then_build', 0.8, 'Upgrade the project to TypeScript 6'],
  ['plan_then_build', 0.8, 'How does the platform store sessions?'],
  ['plan_then_build', 0.8, 'Füge eine Gesundheitsprüfung hinzu'],
  ['plan_then_build', 0.8, 'Behebe den Fehler beim Anmelden'],
  ['plan_then_build', 0.8, 'Erstelle ein neues System'],
  ['plan_then_build', 0.8, '修复登录错误'],
  ['plan_then_build', 0.8, 'prefix additional debugger addition'],
  ['plan_then_build', 0.8, 'Fixtures for the address book'],
  ['plan_then_build', 0.8, 'Run the tests'],
  ['plan_then_build', 0.8, '???'],
  // a defect and something new
  ['plan_then_build', 0.7, 'Fix the typo and add a test'],
  ['plan_then_build', 0.75, 'Fix the login bug, then refactor the session module'],
  ['plan_then_build', 0.7, 'Add a logout button and fix the header; also update the docs'],
  // a whole
  ['decompose_first', 0.85, 'Create a multi-tenant billing platform'],
  ['decompose_first', 0.85, 'Build a project management system'],
  ['decompose_first', 0.85, 'Build a platform for selling second-hand books'],
  ['decompose_first', 0.85, 'We need a new billing system'],
  ['decompose_first', 0.85, 'I want a platform for trading plants'],
  ['decompose_first', 0.85, 'A multi-tenant billing platform'],
  ['decompose_first', 0.85, 'Create a new project for invoice processing'],
  ['decompose_first', 0.85, 'Please build me an inventory system with barcode scanning'],
  ['decompose_first', 0.85, 'Build a complete e-commerce site'],
  ['decompose_first', 0.85, 'Develop an enterprise CRM'],
  ['decompose_first', 0.85, 'Build a todo app from scratch'],
  ['decompose_first', 0.85, 'Build a shop with a web UI, a REST API, a database and background jobs'],
  ['decompose_first', 0.85, 'Create a billing platform:\n- invoices\n- payments\n- dunning'],
  ['decompose_first', 0.85, 'Migrate the whole platform to Kubernetes'],
  ['decompose_first', 0.7, 'Add multi-tenancy'],
  ['decompose_first', 0.7, 'Refactor the whole codebase'],
  ['decompose_first', 0.7, 'Fix the login bug and build a reporting platform'],
  ['decompose_first', 0.85, 'Start a new project'],
  ['decompose_first', 0.85, 'Build an enterprise-grade multi-tenant SaaS'],
  // several tasks
  ['multi_task', 0.9, '1. Fix the typo\n2. Add a test\n3. Bump the version'],
  ['multi_task', 0.9, '- Add login\n- Add logout'],
  ['multi_task', 0.9, 'Please do the following:\n* fix the header\n* add a footer'],
  ['multi_task', 0.9, 'TODO:\n- [ ] Fix the footer\n- [x] Write docs'],
  ['multi_task', 0.9, '1) fix typo 2) add test'],
  ['multi_task', 0.9, 'Work through the backlog'],
  ['multi_task', 0.9, 'run the backlog'],
  ['multi_task', 0.9, 'project run'],
  ['multi_task', 0.9, '/project:run'],
  ['multi_task', 0.9, 'complete all tasks'],
  ['multi_task', 0.9, 'Do the tasks in the backlog'],
  ['multi_task', 0.9, 'Fix these:\n- header overlaps\n- footer missing'],
  // a list that is not one of tasks
  ['build_only', 0.7, 'Fix the login page. Steps to reproduce:\n1. open /login\n2. click submit\n3. see the error'],
  ['build_only', 0.7, 'Login throws an error. Expected:\n- a session\n- a redirect'],
];

describe('the verb and the thing it is done to decide', () => {
  test.each(table)('%s at %d: %s', (workflow, confidence, goal) => {
    const decided = decide(goal);
    expect({ workflow: decided.workflow, confidence: decided.confidence }, JSON.stringify(decided.signals)).toEqual({
      workflow,
      confidence,
    });
  });
});

describe('what is given beats what is read', () => {
  test('a requested workflow is taken with full confidence', () => {
    expect(decide('Fix the typo', { requested: 'decompose_first', hasPlan: true })).toMatchObject({
      workflow: 'decompose_first',
      confidence: 1,
      agents: ['architect', 'planner', 'builder'],
      signals: [{ word: 'decompose_first', role: 'given', pointsTo: 'decompose_first' }],
    });
  });
  test('an existing plan is run as it is', () => {
    expect(decide('Create a billing platform', { hasPlan: true })).toMatchObject({
      workflow: 'build_only',
      confidence: 1,
      complexity: 'simple',
      agents: ['builder'],
    });
  });
  test('tasks that were named are run as such, be it one; by a table of before it said so, two and more', () => {
    expect(decide('Fix it', { tasks: ['Fix a', 'Fix b'] })).toMatchObject({ workflow: 'multi_task', confidence: 0.9 });
    expect(decide('Fix it', { tasks: ['Fix a'] }).workflow).toBe('multi_task');
    expect(decide('Fix it', {}).workflow).toBe('build_only');
    const { fewest_given: _fewest, ...lists } = policy.lists;
    const before = { ...policy, lists };
    const read = (tasks: readonly string[]) =>
      route({ goal: 'Fix it', tasks, hasPlan: false, requested: null }, before).workflow;
    expect([read(['Fix a']), read(['Fix a', 'Fix b'])]).toEqual(['build_only', 'multi_task']);
  });
});

describe('what a decision says beside the workflow', () => {
  test.each([
    ['Fix the typo', 'simple'],
    ['Fix the header and fix the footer', 'complex'],
    ['Add a health endpoint', 'complex'],
    ['Create a billing platform', 'huge'],
    ['Build an app with a dashboard, an API and workers', 'huge'],
  ] as const)('%s is %s', (goal, complexity) => expect(decide(goal).complexity).toBe(complexity));

  test('every signal names its word and part in the sentence', () => {
    expect(decide('Create a multi-tenant billing platform').signals).toEqual([
      { word: 'create', role: 'verb', pointsTo: 'decompose_first' },
      { word: 'platform', role: 'object', pointsTo: 'decompose_first' },
      { word: 'multi tenant', role: 'scope', pointsTo: 'decompose_first' },
    ]);
    expect(decide('Dark mode').signals).toEqual([{ word: 'no signal', role: 'default', pointsTo: 'plan_then_build' }]);
  });

  test.each([
    ['Add OAuth login', ['security']],
    ['Add a health endpoint', ['backend']],
    ['Make the dashboard page accessible to screen readers', ['frontend', 'accessibility']],
    ['Speed up the slow SQL query', ['data', 'performance']],
    ['Deploy the Docker image from the CI pipeline', ['devops']],
    ['Say hello', []],
  ])('%s needs %j', (goal, skills) => expect(new Set(decide(goal).skills)).toEqual(new Set(skills)));

  test('at most four skills are attached, most named first', () => {
    const { skills } = decide('Secure API, tests for the tests, CSS page, database, slow, docker, a11y');
    expect(skills).toHaveLength(4);
    expect(skills.slice(0, 2)).toEqual(['frontend', 'testing']);
  });
});
