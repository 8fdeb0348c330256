import type { Script, ScriptIo } from '../script-io.ts';
import { type Voice, voiceOf } from '../words.ts';
import { budget } from './budget.ts';
import { cacheGet, cacheSet } from './cache.ts';
import { estimateTokens } from './estimate.ts';
import { readText } from './files.ts';
import { HELP } from './help.ts';
import { placesOf } from './places.ts';
import { POOLS } from './pools.ts';
import { scan } from './scan.ts';
import { summarize } from './summarize.ts';
import { tierOf } from './tier.ts';

interface Command {
  /** As usage shows them; `<…>` must be there. */
  readonly takes: readonly string[];
  readonly run: (args: readonly string[], io: ScriptIo, voice: Voice) => number;
}

const estimate: Command['run'] = ([file = ''], io, voice) => {
  const text = readText(placesOf(io).resolve(file));
  if (text === null) return voice.fail(`File not found: ${file}`);
  io.out(`${estimateTokens(file, text)}\n`);
  return 0;
};

const tier: Command['run'] = ([date = ''], io, voice) => {
  const found = tierOf(date, io.now());
  if (!found) return voice.fail(`Invalid date: ${date}; a day is written YYYY-MM-DD`);
  io.out(`${found.name}\n${found.shows}\n`);
  return 0;
};

/** A script cannot summarise: it says what is due, and how to go about it. */
const optimize: Command['run'] = ([pool = 'learnings'], io, voice) => {
  if (!POOLS.some(({ name }) => name === pool)) return voice.fail(`Unknown pool: ${pool}`);
  if (pool !== 'learnings') {
    voice.warn(`Nothing to optimise by hand in ${pool}: it is optimised while a goal runs`);
    return 0;
  }
  const code = scan(['all'], io, voice);
  voice.warn('For each entry to summarise: context-manager.sh summarize <file> <date>, then cache-set <key> <answer>');
  return code;
};

const status: Command['run'] = (_args, io, voice) => {
  budget(['all'], io, voice);
  return scan(['all'], io, voice);
};

const help: Command['run'] = (_args, io) => {
  io.out(HELP);
  return 0;
};

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['estimate', { takes: ['<file>'], run: estimate }],
  ['budget', { takes: ['[pool|all]'], run: budget }],
  ['tier', { takes: ['<date>'], run: tier }],
  ['scan', { takes: ['[domain]'], run: scan }],
  ['summarize', { takes: ['<file>', '<entry>'], run: summarize }],
  ['cache-get', { takes: ['<key>'], run: cacheGet }],
  ['cache-set', { takes: ['<key>', '<content>'], run: cacheSet }],
  ['optimize', { takes: ['[pool]'], run: optimize }],
  ['status', { takes: [], run: status }],
  ['help', { takes: [], run: help }],
  ['--help', { takes: [], run: help }],
  ['-h', { takes: [], run: help }],
]);

/** `scripts/context-manager.sh`: budgets and learnings as they lie in files, without a connection to anything. */
export const contextManager: Script = ([name = 'help', ...args], io) => {
  const voice = voiceOf('Context', io);
  const command = COMMANDS.get(name);
  if (!command) {
    voice.fail(`Unknown command: ${name}`);
    io.err(HELP);
    return 1;
  }
  const missing = command.takes.some((argument, index) => argument.startsWith('<') && args[index] === undefined);
  if (missing || (command.takes[0]?.startsWith('<') && args[0] === ''))
    return voice.fail(`Usage: context-manager.sh ${[name, ...command.takes].join(' ')}`);
  try {
    return command.run(args, io, voice);
  } catch (error) {
    // A file that cannot be written, a name that no file can have.
    return voice.fail(error instanceof Error ? error.message : String(error));
  }
};
