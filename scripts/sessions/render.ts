import type { Played } from './play.ts';
import type { Scene, Session } from './stage.ts';

const NOTICE = '<!-- Recorded by `npm run sessions`. Play it again instead of changing it. -->';

/** Spaces at the ends of lines are the terminal's, not the program's. */
const clean = (text: string): string => text.replaceAll(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');

const blockOf = (scene: Scene): string => {
  if (scene.kind === 'prose') return scene.text;
  const { terminal, command, text } = scene;
  const head = command === null ? [] : [`$ ${command}`];
  const body = clean(text);
  return [
    `*${terminal}*${command === null ? ', on' : ''}`,
    '',
    '```console',
    ...head,
    ...(body ? [body] : []),
    '```',
  ].join('\n');
};

const isShown = (scene: Scene): boolean => scene.kind === 'prose' || scene.command !== null || clean(scene.text) !== '';

/** The page of a session. What names this machine is taken out. */
export const render = ({ title, name }: Session, { scenes, home, program }: Played): string =>
  `${[
    NOTICE,
    `# ${title}`,
    `A recording: \`npm run sessions ${name}\` plays it again, at real terminals, and writes this page.`,
    ...scenes.filter(isShown).map(blockOf),
  ].join('\n\n')}\n`
    .replaceAll(home, '~')
    .replaceAll(program, 'studio');

/** What was typed, in its order, whatever the run was called: what a recording and its session must agree on. */
export const commandsIn = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command.replaceAll(/(?:orch|cp)_[0-9a-f_]+/g, '…'));
