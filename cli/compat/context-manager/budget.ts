import type { ScriptIo } from '../script-io.ts';
import { banner, type Paint, paintFor, type Voice } from '../words.ts';
import { placesOf } from './places.ts';
import { POOLS, TOTAL } from './pools.ts';

/** Of the soft limit. */
const WARNING_AT = 0.8;

const BAR_WIDTH = 40;

interface Use {
  readonly used: number;
  readonly soft: number;
  readonly hard: number;
}

const percent = ({ used, soft }: Use): number => Math.floor((used * 100) / soft);

const statusOf = (use: Use): 'OK' | 'WARNING' | 'EXCEEDED' => {
  if (use.used >= use.hard) return 'EXCEEDED';
  return use.used >= WARNING_AT * use.soft ? 'WARNING' : 'OK';
};

const STATUS_COLOUR = { OK: 'green', WARNING: 'yellow', EXCEEDED: 'red' } as const;

const row = (name: string, use: Use, paint: Paint, note = ''): string => {
  const numbers = [use.used, use.soft, use.hard].map((number) => String(number).padStart(10)).join(' ');
  const status = statusOf(use);
  return `${name.padEnd(12)} ${numbers}   ${paint(STATUS_COLOUR[status], status)}${note}`;
};

const LINE = '─'.repeat(56);

/** Every pool, and their sum. */
const budgetReport = (io: ScriptIo): readonly string[] => {
  const paint = paintFor(io);
  const places = placesOf(io);
  const uses = POOLS.map((pool) => ({ ...pool, used: pool.used(places) }));
  const total = { ...TOTAL, used: uses.reduce((sum, { used }) => sum + used, 0) };
  const heads = ['Used', 'Soft', 'Hard'].map((head) => head.padStart(10)).join(' ');
  return [
    ...banner('CONTEXT BUDGET STATUS', paint),
    paint('bold', `${'Pool'.padEnd(12)} ${heads}   Status`),
    LINE,
    ...uses.map((use) => row(use.name, use, paint)),
    LINE,
    row('TOTAL', total, paint, ` (${percent(total)}%)`),
    '',
  ];
};

const poolReport = (name: string, use: Use, paint: Paint): readonly string[] => {
  const share = percent(use);
  const filled = Math.min(BAR_WIDTH, Math.floor((share * BAR_WIDTH) / 100));
  const bar = paint(STATUS_COLOUR[statusOf(use)], '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled));
  return [
    `Pool: ${name}`,
    `Used: ${use.used} tokens`,
    `Soft Limit: ${use.soft} tokens`,
    `Hard Limit: ${use.hard} tokens`,
    `Usage: ${share}%`,
    `[${bar}]`,
  ];
};

export const budget = ([wanted = 'all']: readonly string[], io: ScriptIo, voice: Voice): number => {
  if (wanted === 'all') {
    io.out(`${budgetReport(io).join('\n')}\n`);
    return 0;
  }
  const pool = POOLS.find(({ name }) => name === wanted);
  if (!pool) {
    const names = POOLS.map(({ name }) => name).join(', ');
    return voice.fail(`Unknown pool: ${wanted}; one of ${names}, or all`);
  }
  const use = { ...pool, used: pool.used(placesOf(io)) };
  io.out(`${poolReport(pool.name, use, paintFor(io)).join('\n')}\n`);
  return 0;
};
