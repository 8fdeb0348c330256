import type { MapEpic, MapFeature, MapTask, ProjectMap, TaskAcceptance } from '#contracts';
import { type Annotated, readAnnotations } from './annotations.ts';
import { type OutlineItem, type OutlineSection, readOutline } from './read-outline.ts';

export interface Specification {
  /** `null`: the text names no task. */
  readonly map: ProjectMap | null;
  /** What is written as an annotation and cannot be understood. */
  readonly problems: readonly string[];
}

const MAX_TITLE = 200;
const MAX_DESCRIPTION = 4_000;

const clip = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

type Place = 'title' | 'epic' | 'feature';

/** The one heading that stands over all others is the name of the whole. */
const placeOf = (sections: readonly OutlineSection[]): ((section: OutlineSection) => Place) => {
  const headings = sections.filter(({ depth }) => depth > 0);
  const top = Math.min(...headings.map(({ depth }) => depth));
  const [first] = headings;
  const isTitled =
    headings.length > 1 && first?.depth === top && headings.filter(({ depth }) => depth === top).length === 1;
  const below = headings.filter(({ depth }) => depth > top).map(({ depth }) => depth);
  const epicDepth = isTitled ? Math.min(...below) : top;
  return (section) => {
    if (section.depth === 0 || (isTitled && section === first)) return 'title';
    return section.depth === epicDepth ? 'epic' : 'feature';
  };
};

interface Written {
  readonly item: OutlineItem;
  readonly annotated: Annotated;
  /** Its feature, or `null` at the top of the text. */
  readonly feature: string | null;
}

/** Epics and features in the order of the text. Tasks right below an epic are in a feature of its name. */
const readPlaces = (sections: readonly OutlineSection[]) => {
  const place = placeOf(sections);
  const epics: MapEpic[] = [];
  const features: MapFeature[] = [];
  const written: Written[] = [];
  let feature: string | null = null;

  const describe = ({ title, prose }: OutlineSection) => ({
    title: clip(title, MAX_TITLE),
    description: clip(prose.join('\n\n'), MAX_DESCRIPTION),
  });
  const addFeature = (section: OutlineSection, description: string): void => {
    feature = `F${features.length + 1}`;
    features.push({ ...describe(section), id: feature, epic: epics.at(-1)?.id ?? null, description });
  };
  for (const section of sections) {
    const at = place(section);
    if (at === 'title') feature = null;
    if (at === 'epic') {
      epics.push({ id: `E${epics.length + 1}`, ...describe(section) });
      if (section.items.length > 0) addFeature(section, '');
    }
    if (at === 'feature') addFeature(section, describe(section).description);
    written.push(...section.items.map((item) => ({ item, annotated: readAnnotations(item.line), feature })));
  }
  return { epics, features, written };
};

/** Ids as written; the others take the numbers that are left, in the order of the text. */
const numberTasks = (written: readonly Written[]): readonly string[] => {
  const taken = new Set(written.flatMap(({ annotated }) => annotated.annotations.id ?? []));
  let next = 0;
  return written.map(({ annotated }) => {
    if (annotated.annotations.id !== undefined) return annotated.annotations.id;
    do next += 1;
    while (taken.has(`T${next}`));
    return `T${next}`;
  });
};

const acceptanceOf = ({ item, annotated }: Written): TaskAcceptance[] => [
  ...item.below.map((criterion) => ({ criterion: clip(criterion, 1_000) })),
  ...(annotated.annotations.checks ?? []).map((command) => ({
    criterion: `\`${command}\` passes`,
    verification: { type: 'command' as const, command },
  })),
];

const taskOf = (id: string, written: Written, done: ReadonlySet<string>): MapTask => {
  const { title, annotations } = written.annotated;
  const { depends_on = [], effort = 'M', priority = 3, value = 3, files = [] } = annotations;
  const { more } = written.item;
  const whole = title.length > MAX_TITLE ? [title] : [];
  return {
    id,
    title: clip(title, MAX_TITLE),
    description: clip([...whole, ...(more === '' ? [] : [more])].join('\n\n'), MAX_DESCRIPTION),
    feature: written.feature,
    // What is ticked off holds nothing up.
    depends_on: depends_on.filter((other) => !done.has(other)),
    effort,
    priority,
    value,
    acceptance: acceptanceOf(written),
    files: [...files],
    goal: null,
    plan: null,
  };
};

/**
 * A specification in Markdown as a map: headings are epics and features, list items are tasks, what is below an item is
 * when it is done. `(depends on: T2)`, `(effort: S)`, `(priority: 1)`, `(value: 5)`, `(files: src/**)`, `(check: npm test)`
 * and `(id: T7)` may stand in an item. What is ticked off is left out.
 */
export const parseSpecification = (markdown: string): Specification => {
  const { epics, features, written } = readPlaces(readOutline(markdown));
  const named = written.filter(({ annotated }) => annotated.title !== '');
  const ids = numberTasks(named);
  const done = new Set(named.flatMap(({ item }, index) => (item.done ? (ids[index] ?? []) : [])));
  const tasks = named.flatMap((one, index) => {
    const id = ids[index] ?? '';
    return one.item.done ? [] : [taskOf(id, one, done)];
  });
  const problems = named.flatMap(({ annotated }) =>
    annotated.problems.map((problem) => `"${clip(annotated.title, 60)}": ${problem}`),
  );
  if (tasks.length === 0) return { map: null, problems };
  const used = new Set(tasks.map(({ feature }) => feature));
  const kept = features.filter(({ id }) => used.has(id));
  const usedEpics = new Set(kept.map(({ epic }) => epic));
  return { map: { epics: epics.filter(({ id }) => usedEpics.has(id)), features: kept, tasks }, problems };
};
