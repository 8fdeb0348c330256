import { Effort, MapTaskId } from '#contracts';

/** What a line says about its task beside its title. */
export interface Annotations {
  readonly id?: string;
  readonly depends_on?: readonly string[];
  readonly effort?: Effort;
  readonly priority?: number;
  readonly value?: number;
  readonly files?: readonly string[];
  readonly checks?: readonly string[];
}

export interface Annotated {
  /** What is left of the line. */
  readonly title: string;
  readonly annotations: Annotations;
  /** What is annotated and cannot be understood. */
  readonly problems: readonly string[];
}

/** `(depends on: T1, T2)`, `(after T1)`; a value may have brackets of its own, as in a glob. */
const ANNOTATION =
  /\s*\((?<key>depends[ _-]on|after|effort|size|priority|value|files?|check|id)(?:\s*:\s*|\s+(?=T[1-9]\d{0,3}\b))(?<value>(?:[^()]|\([^()]*\))*)\)/gi;
/** `T4: Add a login page`, `**T4** Add a login page`. */
const LEADING_ID = /^(?<mark>\*\*|`)?(?<id>T[1-9]\d{0,3})(?:\k<mark>)?(?:\s*[:.)–—-]\s+|\s+)(?=\S)/;

const listOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.replaceAll('`', '').trim())
    .filter((part) => part !== '');

const wrong = (key: string, value: string, expected: string) => ({
  problem: `(${key}: ${value.trim()}) is not understood: ${expected}`,
});

const oneToFive = (key: 'priority' | 'value', value: string) => {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 && number <= 5
    ? { found: { [key]: number } }
    : wrong(key, value, 'it is a number from 1 to 5');
};

const read = (key: string, value: string): { readonly found: Annotations } | { readonly problem: string } => {
  switch (key.toLowerCase().replace(/[ _-]/, ' ')) {
    case 'depends on':
    case 'after': {
      const ids = listOf(value);
      return ids.every((id) => MapTaskId.safeParse(id).success)
        ? { found: { depends_on: ids } }
        : wrong(key, value, 'it names tasks, as in T1, T2');
    }
    case 'effort':
    case 'size': {
      const effort = Effort.safeParse(value.trim().toUpperCase());
      return effort.success ? { found: { effort: effort.data } } : wrong(key, value, 'it is XS, S, M, L or XL');
    }
    case 'priority':
      return oneToFive('priority', value);
    case 'value':
      return oneToFive('value', value);
    case 'id':
      return MapTaskId.safeParse(value.trim()).success
        ? { found: { id: value.trim() } }
        : wrong(key, value, 'it is like T1');
    case 'check':
      return { found: { checks: [value.replaceAll('`', '').trim()] } };
    default:
      return { found: { files: listOf(value) } };
  }
};

/** The same word twice adds up where that makes sense; else the last one counts. */
const merge = (before: Annotations, found: Annotations): Annotations => ({
  ...before,
  ...found,
  ...(found.depends_on ? { depends_on: [...(before.depends_on ?? []), ...found.depends_on] } : {}),
  ...(found.files ? { files: [...(before.files ?? []), ...found.files] } : {}),
  ...(found.checks ? { checks: [...(before.checks ?? []), ...found.checks] } : {}),
});

/** Takes what is said about a task out of its line. */
export const readAnnotations = (line: string): Annotated => {
  let annotations: Annotations = {};
  const problems: string[] = [];
  const rest = line.replaceAll(ANNOTATION, (_match, key: string, value: string) => {
    const one = read(key, value);
    if ('problem' in one) problems.push(one.problem);
    else annotations = merge(annotations, one.found);
    return '';
  });
  const leading = LEADING_ID.exec(rest.trim());
  const id = leading?.groups?.id;
  const title = (leading ? rest.trim().slice(leading[0].length) : rest).trim();
  return { title, annotations: id ? { id, ...annotations } : annotations, problems };
};
