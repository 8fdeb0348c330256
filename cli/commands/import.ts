import { type ImportAnswer, type ImportDocument, InvalidInput } from '#contracts';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { linesOf } from '../export-source.ts';
import { show } from '../output.ts';
import type { Style } from '../render/style.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

const describe = ({ id, outcome, version, live, problems }: ImportAnswer, style: Style): string => {
  switch (outcome) {
    case 'imported':
      return `${style.green('✓')} ${id}: ${count(version, 'event')}${live ? ', goes on' : ''}`;
    case 'already_there':
      return `${style.dim('·')} ${id}: already there`;
    case 'refused':
      return `${style.red('✗')} ${problems.join('; ')}`;
  }
};

const render = ({ streams }: ImportDocument, style: Style): readonly string[] => {
  const of = (wanted: ImportAnswer['outcome']) => streams.filter(({ outcome }) => outcome === wanted).length;
  const refused = of('refused');
  return [
    ...streams.map((answer) => describe(answer, style)),
    `${count(of('imported'), 'log')} imported, ${of('already_there')} already there${refused > 0 ? `, ${refused} refused` : ''}`,
  ];
};

/** Takes files of exports in; each is verified as a whole before anything of it is stored. */
export const importCommand: Run = async (call) => {
  if (call.args.length === 0) throw new InvalidInput('no file', ['name one that studio export has written']);
  return withSession(call, async ({ studio }) => {
    const streams: ImportAnswer[] = [];
    for (const file of call.args)
      for await (const answer of studio.import(() => linesOf(file, call.io))) streams.push(answer);
    show(call, { streams }, render);
    return streams.some(({ outcome }) => outcome === 'refused') ? EXIT.failed : EXIT.done;
  });
};
