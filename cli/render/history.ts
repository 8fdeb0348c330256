import type { CheckpointsDocument, CompareDocument, HandoffsDocument } from '#contracts';
import type { Io } from '../io.ts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { age, clip, count, firstLine, quoted, shortCommit } from './words.ts';

export const renderCheckpoints = (
  { id, latest, checkpoints, resumable }: CheckpointsDocument,
  style: Style,
  { program, now }: Pick<Io, 'program' | 'now'>,
): readonly string[] => {
  if (checkpoints.length === 0) return [`${id} has no checkpoint yet; save one: ${program} checkpoint ${id} NAME`];
  return [
    style.bold(id),
    ...columns(
      checkpoints.map((checkpoint) => [
        `  ${checkpoint.id}`,
        checkpoint.name,
        `version ${checkpoint.version}`,
        checkpoint.commit ? shortCommit(checkpoint.commit) : 'no files yet',
        age(checkpoint.time, now()),
        checkpoint.id === latest ? style.green('latest') : '',
      ]),
    ),
    style.dim(
      resumable
        ? `back to one: ${program} resume ${id} ${checkpoints.at(-1)?.id}`
        : `another way from one: ${program} fork ${id} --at ${checkpoints.at(-1)?.id}`,
    ),
  ];
};

const fields = (context: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(context).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const [first = '', ...rest] = text.split('\n');
    return [`    ${name}: ${first}`, ...rest.map((line) => `      ${line}`)];
  });

export const renderHandoffs = (
  { id, handoffs, incomplete }: HandoffsDocument,
  style: Style,
  program: string,
): readonly string[] => {
  if (handoffs.length === 0 && !incomplete) return [`nothing was handed over in ${id} so far`];
  const example = JSON.stringify(Object.fromEntries((incomplete?.missing ?? []).map((field) => [field, '…'])));
  return [
    style.bold(id),
    ...handoffs.flatMap(({ from, to, context, time }) => [`  ${from} → ${to}  ${style.dim(time)}`, ...fields(context)]),
    ...(incomplete
      ? [
          `  ${incomplete.from} → ${incomplete.to}  ${style.yellow(`held back: it lacks ${incomplete.missing.join(', ')}`)}`,
          ...fields(incomplete.context),
          style.dim(`complete it: ${program} resume ${id} --context ${quoted(example)}`),
        ]
      : []),
  ];
};

type Sided = CompareDocument['left'];

const named = ({ id, plan, outcome, commit }: Sided): readonly string[] => [
  plan === null ? id : `${id} plan ${plan}`,
  outcome ?? 'has not ended',
  commit ? shortCommit(commit) : 'no commit',
];

const MOST = 200;
const shown = (value: unknown): string => clip(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), MOST);

const aboutFacts = ({ facts }: CompareDocument, style: Style): readonly string[] => {
  if (facts.same) return [`${style.green('✓')} the same facts: ${facts.shared}, ids and times aside`];
  const told = (side: CompareDocument['facts']['left']) =>
    side ? `version ${side.version}: ${firstLine(side.text)}` : 'nothing more';
  return [
    `${style.yellow('≠')} the facts part after ${count(facts.shared, 'fact')} that both have`,
    `    left   ${told(facts.left)}`,
    `    right  ${told(facts.right)}`,
    ...(facts.difference
      ? [
          `    ${facts.difference.field}`,
          `      - ${shown(facts.difference.left)}`,
          `      + ${shown(facts.difference.right)}`,
        ]
      : []),
  ];
};

const changed = (changes: CompareDocument['files']['changes']): readonly string[] =>
  columns(changes.map(({ path, status, added, removed }) => [`    ${status}`, path, `+${added} -${removed}`]));

const aboutFiles = ({ files }: CompareDocument, style: Style): readonly string[] => {
  const { same, why_not: why, first, changes } = files;
  if (same === null) return [`${style.yellow('!')} the files are not compared: ${why}`];
  const parted = first
    ? [
        `    they part at ${first.left ? `${first.left.work} (version ${first.left.version})` : 'nothing'} on the left, ${
          first.right ? `${first.right.work} (version ${first.right.version})` : 'nothing'
        } on the right`,
        ...changed(first.changes),
      ]
    : [];
  return [
    same
      ? `${style.green('✓')} the same files at the end`
      : `${style.yellow('≠')} the files differ at the end: ${count(changes.length, 'file')}`,
    ...(same ? [] : changed(changes)),
    ...parted,
    ...(why ? [style.dim(`    ${why}`)] : []),
  ];
};

/** Where two runs part, first the facts, then the files. */
export const renderComparison = (document: CompareDocument, style: Style): readonly string[] => [
  ...columns([
    ['left', ...named(document.left)],
    ['right', ...named(document.right)],
  ]),
  ...aboutFacts(document, style),
  ...aboutFiles(document, style),
];
