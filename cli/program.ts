import { Command, CommanderError } from 'commander';
import type { CommandGroup, CommandSpec, Deps } from './command.ts';
import { act } from './definitions/act.ts';
import { byHand } from './definitions/by-hand.ts';
import { look } from './definitions/look.ts';
import { project } from './definitions/project.ts';
import { record } from './definitions/record.ts';
import { runs } from './definitions/runs.ts';
import { setup } from './definitions/setup.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Here, because its script is made from all the others. */
const completion: CommandSpec = {
  usage: 'completion <shell>',
  about: 'completion for bash, zsh or fish',
  example: 'source <(studio completion bash)',
  hasDocument: false,
  load: async () => (await import('./commands/completion.ts')).completionOf(groups),
};

/** Every command there is: what the program, completion and the reference are made from. */
export const groups: readonly CommandGroup[] = [
  runs,
  project,
  look,
  act,
  byHand,
  record,
  { ...setup, commands: [...setup.commands, completion] },
];

const example = ({ example: text }: CommandSpec): string => `\nExample:\n  ${text}\n`;

const isText = (value: unknown): value is string => typeof value === 'string';

interface ProgramOptions extends Deps {
  readonly version: string;
  /** Told how the command that ran has ended. */
  readonly onExit: (code: ExitCode) => void;
}

/** What commands of two words begin with. */
const FIRST_WORDS: Readonly<Record<string, string>> = {
  orchestrate: 'run a goal with every transition shown',
  project: 'keep a backlog of tasks, and run it',
  handoff: 'what one agent tells the next',
};

/** `orchestrate build [goal]` is command `build` of command `orchestrate`. */
const parentOf = (program: Command, words: readonly string[]): Command => {
  let parent = program;
  for (const word of words) {
    const known = parent.commands.find((command) => command.name() === word);
    parent = known ?? parent.command(word).description(FIRST_WORDS[word] ?? word);
  }
  return parent;
};

const addCommand = (program: Command, title: string, spec: CommandSpec, options: ProgramOptions): void => {
  const words = spec.usage.split(' ');
  const named = words.filter((word) => !/^[[<]/.test(word));
  const parent = parentOf(program, named.slice(0, -1));
  const command = parent.command(words.slice(named.length - 1).join(' ')).description(spec.about);
  (parent === program ? command : parent).helpGroup(title);
  for (const { flags, about } of spec.options ?? []) command.option(flags, about);
  if (spec.hasDocument !== false) command.option('--json', 'print the document, and nothing else');
  command.addHelpText('after', example(spec));
  command.action(async () => {
    const given: Readonly<Record<string, unknown>> = command.opts();
    const run = await spec.load();
    const { io, openSession } = options;
    options.onExit(
      await run({ io, openSession, args: command.args.filter(isText), options: given, json: given.json === true }),
    );
  });
};

const INTRO = 'Takes a software goal in plain words and brings it to a verified change in your repository.';
const OUTRO = `
Exit codes: ${EXIT.done} done, ${EXIT.failed} failed or halted, ${EXIT.usage} wrong usage, ${EXIT.waits} waits for a person, ${EXIT.unreachable} cannot reach what it needs, ${EXIT.interrupted} interrupted.
Start with: studio build "Add a health endpoint"`;

/** The command line as a definition: nothing is read, opened or run until it is told to parse. */
export const createProgram = (options: ProgramOptions): Command => {
  const { io, version } = options;
  const program = new Command('studio')
    .description(INTRO)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help of a command')
    .addHelpText('after', OUTRO)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // Errors are told in one place, where --json is known; what is left is the help of a command that needs another.
      writeErr: (text) => void (text.startsWith('error:') || io.stderr.write(text)),
    });
  for (const { title, commands } of groups) for (const spec of commands) addCommand(program, title, spec, options);
  inherit(program);
  return program;
};

/** Commander copies these settings only to commands that are made after they were set, one level deep. */
const inherit = (parent: Command): void => {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
};

/** `--help` and `--version` end commander with an error that is none. */
export const isCleanExit = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;

/** A word of several commands without the next one: its help was shown, and there is no more to say. */
export const isHelpShown = (error: unknown): boolean =>
  error instanceof CommanderError && error.code === 'commander.help';
