import { describe, expect, test } from 'vitest';
import type { Operation, PlanStep } from '#contracts';
import { isRisky } from './risky.ts';

const step = (change: Partial<PlanStep> = {}): PlanStep => ({
  id: 'step_1',
  name: 'A step',
  action: 'do it',
  success_criteria: [],
  depends_on: [],
  ...change,
});
const doing = (...operations: readonly Operation[]) => isRisky(step({ operations: [...operations] }));
const running = (command: string) => doing({ op: 'run', command });

describe('a step is risky', () => {
  test('when it is marked so', () => expect(isRisky(step({ risky: true }))).toBe(true));
  test('when it deletes a file', () => expect(doing({ op: 'delete', path: 'a.txt' })).toBe(true));
  test.each([
    'rm -rf build',
    'npm test && rm a.txt',
    'git rm old.ts',
    'find . -name "*.orig" -delete',
    'ls | xargs rm',
  ])('when it deletes files by "%s"', (command) => expect(running(command)).toBe(true));
  test.each([
    'npm install left-pad',
    'npm i -D vitest',
    'pnpm add zod',
    'yarn upgrade react',
    'pip install requests',
    'uv add httpx',
    'poetry remove flask',
    'cargo add serde',
    'go get example.com/x',
    'bundle update rails',
    'composer require x && composer update',
  ])('when it changes dependencies by "%s"', (command) => expect(running(command)).toBe(true));
  test.each<Operation>([
    { op: 'write', path: 'requirements-dev.txt', content: 'pytest' },
    { op: 'edit', path: 'go.mod', find: 'v1', replace: 'v2' },
    { op: 'edit', path: 'app/package.json', find: '"zod": "^3.1.0"', replace: '"zod": "^4.0.0"' },
    { op: 'move', from: 'yarn.lock', to: 'old.lock' },
  ])('when it changes dependencies by $op of $path$from', (operation) => expect(doing(operation)).toBe(true));
  test.each([
    'npx prisma migrate deploy',
    'npx prisma db push',
    'knex migrate:latest',
    'npx sequelize-cli db:migrate',
    'typeorm migration:run -d source.ts',
    'npx drizzle-kit push',
    'alembic upgrade head',
    'flask db upgrade',
    'python manage.py migrate',
    'bin/rails db:migrate',
    'bundle exec rake db:rollback',
    'flyway -url=$URL migrate',
    'liquibase update',
    'php artisan migrate --force',
    'bin/console doctrine:migrations:migrate',
    'dotnet ef database update',
    'mix ecto.migrate',
    'diesel migration run',
    'sqlx migrate run',
    'dbmate up',
    'npm run db:migrate',
    'make migrate',
  ])('when it migrates data by "%s"', (command) => expect(running(command)).toBe(true));
});

describe('a step is not risky', () => {
  test('when a person or a model does it and nobody says so', () => expect(isRisky(step())).toBe(false));
  test.each<Operation>([
    { op: 'write', path: 'src/a.ts', content: 'x' },
    { op: 'edit', path: 'package.json', find: '"test": "x"', replace: '"test": "vitest run"' },
    { op: 'move', from: 'a.ts', to: 'b.ts' },
  ])('when it does $op', (operation) => expect(doing(operation)).toBe(false));
  test.each([
    'npm test',
    'npm ci',
    'pnpm install --frozen-lockfile',
    'npm run update-snapshots',
    'npm run format',
    'mkdir migrations',
    'echo remove > notes.txt',
  ])('when it runs "%s"', (command) => expect(running(command)).toBe(false));
});
