import type { FileChange } from '#contracts';

const STATUS: Readonly<Record<string, FileChange['status']>> = { A: 'added', C: 'added', D: 'deleted', R: 'renamed' };

/** Lines of a binary file are not counted: git prints `-`. */
const lines = (count: string | undefined) => Number.parseInt(count ?? '', 10) || 0;

/** Reads `git diff --raw --numstat -z`: a record a file with its status, then again a record a file with its lines. */
export const parseChanges = (output: string): readonly FileChange[] => {
  const tokens = output.split('\0');
  const statuses = new Map<string, FileChange['status']>();
  const changes: FileChange[] = [];
  let at = 0;
  const next = () => tokens[at++] ?? '';
  while (at < tokens.length - 1) {
    const token = next();
    if (token.startsWith(':')) {
      const letter = token.slice(token.lastIndexOf(' ') + 1, token.lastIndexOf(' ') + 2);
      if (letter === 'R' || letter === 'C') next();
      statuses.set(next(), STATUS[letter] ?? 'modified');
      continue;
    }
    const [added, removed, ...name] = token.split('\t');
    let path = name.join('\t');
    if (path === '') {
      next();
      path = next();
    }
    changes.push({ path, status: statuses.get(path) ?? 'modified', added: lines(added), removed: lines(removed) });
  }
  return changes;
};
