import type { Operation, PlanStep } from '#contracts';

/** Adds, removes or upgrades what a project depends on. */
const DEPENDENCIES = new RegExp(
  [
    String.raw`\b(?:npm|pnpm|yarn|bun|pip3?|pipx|uv|poetry|pipenv|cargo|go|gem|bundle|composer|dotnet)\b[^;&|]*\b(?:install|add|update|upgrade|get|remove|uninstall)\b(?![-:])`,
    String.raw`\b(?:npm|pnpm|bun) (?:i|up|rm)\b`,
  ].join('|'),
);

/** Puts in place what a lock file names, and changes none. */
const LOCKED = /\b(?:pnpm|yarn|bun) install --(?:frozen-lockfile|immutable)\b/g;

/** Files that do nothing but say what a project depends on. */
const LOCK_FILES =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|requirements[^/]*\.txt|Pipfile(?:\.lock)?|poetry\.lock|uv\.lock|go\.(?:mod|sum)|Cargo\.lock|Gemfile(?:\.lock)?|composer\.lock)$/;

/** Files that say it beside other things, and the words they say it with. */
const MANIFESTS = /(?:^|\/)(?:package\.json|pyproject\.toml|Cargo\.toml|composer\.json)$/;
const NAMES_DEPENDENCIES = /dependenc|"[\^~]\d/i;

/** Commands that change data where it is kept, by the tools that do so. */
const MIGRATIONS = new RegExp(
  [
    String.raw`\bprisma\b.*\b(?:migrate|db (?:push|execute|seed))\b`,
    String.raw`\bknex\b.*\b(?:migrate|seed):\w+`,
    String.raw`\b(?:sequelize|sequelize-cli)\b.*\bdb:\w+`,
    String.raw`\btypeorm\b.*\b(?:migration:(?:run|revert)|schema:(?:sync|drop))\b`,
    String.raw`\bdrizzle-kit\b.*\b(?:migrate|push|drop)\b`,
    String.raw`\bdb-migrate\b`,
    String.raw`\bnode-pg-migrate\b`,
    String.raw`\balembic\b.*\b(?:upgrade|downgrade|stamp)\b`,
    String.raw`\bflask\b.*\bdb (?:upgrade|downgrade)\b`,
    String.raw`\bmanage\.py\b.*\b(?:migrate|flush|loaddata)\b`,
    String.raw`\bdjango-admin\b.*\bmigrate\b`,
    String.raw`\b(?:rails|rake)\b.*\bdb:(?:migrate|rollback|reset|drop|setup|seed|schema:load|structure:load)`,
    String.raw`\bflyway\b.*\b(?:migrate|clean|undo|repair)\b`,
    String.raw`\bliquibase\b.*\b(?:update|rollback|drop-?all)`,
    String.raw`\bartisan\b.*\b(?:migrate|db:\w+)`,
    String.raw`\bdoctrine:(?:migrations:(?:migrate|execute)|schema:(?:update|drop))`,
    String.raw`\bdotnet\b.*\bef\b.*\bdatabase\b.*\b(?:update|drop)\b`,
    String.raw`\bmix\b.*\becto\.(?:migrate|rollback|drop|reset)\b`,
    String.raw`\bdiesel\b.*\bmigration\b.*\b(?:run|revert|redo)\b`,
    String.raw`\bsqlx\b.*\b(?:migrate|database) (?:run|revert|drop|reset)\b`,
    String.raw`\b(?:goose|dbmate|atlas|migrate|golang-migrate)\b.*\b(?:up|down|drop|apply|goto|force)\b`,
    String.raw`\b(?:npm|pnpm|yarn|bun|make|just)\b.*\bmigrat(?:e|ion|ions)\b`,
  ].join('|'),
);

/** Takes files away, in a command. */
const DELETES =
  /(?:^|[;&|(]|\bxargs\b|\bsudo\b|-exec)\s*(?:rm|unlink|shred|rmdir)\b|\bgit (?:rm|clean)\b|\bfind\b.*-delete\b/m;

const isAboutDependencies = (path: string, text: string): boolean =>
  LOCK_FILES.test(path) || (MANIFESTS.test(path) && NAMES_DEPENDENCIES.test(text));

const writesDependencies = (operation: Operation): boolean => {
  switch (operation.op) {
    case 'write':
      return isAboutDependencies(operation.path, operation.content);
    case 'edit':
      return isAboutDependencies(operation.path, `${operation.find}\n${operation.replace}`);
    case 'move':
      return LOCK_FILES.test(operation.from) || LOCK_FILES.test(operation.to);
    case 'delete':
      return false;
    case 'run':
      return DEPENDENCIES.test(operation.command.replaceAll(LOCKED, ''));
  }
};

const commandsOf = ({ operations = [] }: PlanStep): readonly string[] =>
  operations.flatMap((operation) => (operation.op === 'run' ? [operation.command] : []));

const changesDependencies = ({ operations = [] }: PlanStep): boolean => operations.some(writesDependencies);

const migratesData = (step: PlanStep): boolean => commandsOf(step).some((command) => MIGRATIONS.test(command));

const deletesFiles = (step: PlanStep): boolean =>
  (step.operations ?? []).some(({ op }) => op === 'delete') ||
  commandsOf(step).some((command) => DELETES.test(command));

/** A step after which going back is not easy: marked so, or one that deletes files, changes dependencies or migrates data. */
export const isRisky = (step: PlanStep): boolean =>
  step.risky === true || deletesFiles(step) || changesDependencies(step) || migratesData(step);
