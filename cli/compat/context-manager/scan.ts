import { basename, join } from 'node:path';
import type { ScriptIo } from '../script-io.ts';
import { banner, type Paint, paintFor, type Voice } from '../words.ts';
import { estimateTokens } from './estimate.ts';
import { filesIn, namesIn, readText } from './files.ts';
import { entriesOf } from './learnings.ts';
import { placesOf } from './places.ts';
import { POOLS } from './pools.ts';
import { FULL_BELOW_DAYS, SUMMARY_UP_TO_DAYS, type Tier, tierOf } from './tier.ts';

/** Where an entry is, as `<domain>:<date>`. */
type Found = Readonly<Record<Tier['name'], readonly string[]>>;

const read = (files: readonly string[]) =>
  files.flatMap((file) => {
    const text = readText(file);
    return text === null ? [] : [{ file, text }];
  });

const sortByTier = (files: ReturnType<typeof read>, now: Date): Found => {
  const found = { tier1: [] as string[], tier2: [] as string[], tier3: [] as string[] };
  for (const { file, text } of files)
    for (const { date } of entriesOf(text)) {
      const tier = tierOf(date, now);
      if (tier) found[tier.name].push(`${basename(file, '.md')}:${date}`);
    }
  return found;
};

const listed = (title: string, entries: readonly string[]): readonly string[] =>
  entries.length === 0 ? [] : ['', title, ...entries.map((entry) => `  - ${entry}`)];

const verdict = (share: number, paint: Paint): string => {
  if (share >= 95) return paint('red', 'CRITICAL: optimise before going on');
  return share >= 80 ? paint('yellow', 'WARNING: close to the limit') : paint('green', 'OK: within the budget');
};

const report = (files: ReturnType<typeof read>, now: Date, paint: Paint): readonly string[] => {
  const { tier1, tier2, tier3 } = sortByTier(files, now);
  const tokens = files.reduce((sum, { file, text }) => sum + estimateTokens(file, text), 0);
  const soft = POOLS.find(({ name }) => name === 'learnings')?.soft ?? 0;
  const share = Math.floor((tokens * 100) / soft);
  const entries = (count: number) => `${count} ${count === 1 ? 'entry' : 'entries'}`;
  return [
    `Tier 1 (Full):    ${entries(tier1.length)} (< ${FULL_BELOW_DAYS} days)`,
    `Tier 2 (Summary): ${entries(tier2.length)} (${FULL_BELOW_DAYS}-${SUMMARY_UP_TO_DAYS} days)`,
    `Tier 3 (Index):   ${entries(tier3.length)} (> ${SUMMARY_UP_TO_DAYS} days)`,
    ...listed('To summarise:', tier2),
    ...listed('To archive:', tier3),
    '',
    `Tokens: ${tokens} of ${soft} (${share}%)`,
    verdict(share, paint),
    '',
  ];
};

/** How old the learnings are, of one domain or of all. A folder that is not there is no error: nothing was learned yet. */
export const scan = ([domain = 'all']: readonly string[], io: ScriptIo, voice: Voice): number => {
  const { learnings } = placesOf(io);
  const paint = paintFor(io);
  io.out(`${banner('LEARNINGS CONTEXT SCAN', paint).join('\n')}\n`);
  if (namesIn(learnings.path) === null) {
    voice.warn(`Learnings directory not found: ${learnings.name}`);
    return 0;
  }
  const wanted = domain === 'all' ? filesIn(learnings.path, '.md') : [join(learnings.path, `${domain}.md`)];
  const files = read(wanted);
  if (domain !== 'all' && files.length === 0)
    voice.warn(`Learnings not found: ${join(learnings.name, `${domain}.md`)}`);
  io.out(`${report(files, io.now(), paint).join('\n')}\n`);
  return 0;
};
