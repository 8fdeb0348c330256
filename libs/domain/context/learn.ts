import { domainsOf } from '#context';
import type { Failure, FoundOut, Run } from '../run.ts';

type Found = Pick<FoundOut, 'domain' | 'text'>;

/** Of an error, in a sentence about it. */
const MOST_CHARACTERS = 200;

const oneLine = (text: string): string => {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
};

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** What a run is about first of all. */
export const subjectDomain = ({ submission, route }: Run): string =>
  domainsOf({ text: submission.goal, skills: route?.skills ?? [] })[0] ?? 'global';

const GATE_DOMAINS = { lint: 'global', typecheck: 'global', test: 'testing', security: 'security' } as const;

/** The last failure says most about what was in the way; a hint, about what helped. */
const mended = (what: string, failures: readonly Failure[]): string | null => {
  const last = failures.at(-1);
  if (!last) return null;
  const hint = failures.findLast(({ recovery }) => recovery?.hint)?.recovery?.hint;
  return `${what} failed ${times(failures.length)} before it passed: ${oneLine(last.error)}${hint ? ` Hint that was given: ${oneLine(hint)}` : ''}`;
};

const fromSteps = (run: Run): readonly Found[] =>
  run.steps.flatMap(({ id, name, status }) => {
    const failed = run.failures.filter(({ step }) => step === id);
    const text = status === 'completed' ? mended(`"${name}"`, failed) : null;
    return text === null ? [] : [{ domain: subjectDomain(run), text }];
  });

const fromGates = (run: Run): readonly Found[] =>
  run.gates.flatMap(({ gate, command, status }) => {
    const called = command === null ? `gate ${gate}` : `gate ${gate} (${command})`;
    if (status === 'red_before')
      return [{ domain: GATE_DOMAINS[gate], text: `${called} is red without any change of ours` }];
    const failed = run.failures.filter((failure) => failure.gate === gate);
    const text = status === 'passed' ? mended(called, failed) : null;
    return text === null ? [] : [{ domain: GATE_DOMAINS[gate], text }];
  });

/** What a person said, in answer to a question or to help. What was only assumed is nobody's word. */
const fromPeople = (run: Run): readonly Found[] => {
  const domain = subjectDomain(run);
  const answers = run.answers
    .filter(({ assumed }) => !assumed)
    .map(({ question, response }) => `asked "${oneLine(question)}", a person said: ${oneLine(response)}`);
  const hints = run.invocations.flatMap(({ hint, status }) =>
    hint && status !== 'pending' ? [`a person helped with: ${oneLine(hint)}`] : [],
  );
  return [...answers, ...hints].map((text) => ({ domain, text }));
};

/** What the facts of a run teach, but for what was captured already. */
export const learningsFrom = (run: Run): readonly Found[] => {
  const known = new Set(run.learnings.map(({ domain, text }) => `${domain} ${text}`));
  return [...fromSteps(run), ...fromGates(run), ...fromPeople(run)].filter(({ domain, text }) => {
    const key = `${domain} ${text}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
};
