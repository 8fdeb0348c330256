import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** What the build wrote: the content, beside the text that it was made of. */
const readCompiled = async (
  name: string,
  root: string,
): Promise<{ readonly text: string; readonly content: unknown } | null> => {
  try {
    return JSON.parse(await readFile(join(root, 'dist', 'data', `${name}.json`), 'utf8'));
  } catch {
    return null;
  }
};

/**
 * The content of `data/<name>.yaml`, which comes with Studio. To parse all of them takes a process that has just started
 * 0.2 s, so the build writes each as JSON too; that counts as long as the text is the one it was made of.
 * @returns what nobody has looked at yet: parse it with a schema
 */
export const readBuiltIn = async (name: string, root = packageRoot()): Promise<unknown> => {
  const [text, compiled] = await Promise.all([
    readFile(join(root, 'data', `${name}.yaml`), 'utf8'),
    readCompiled(name, root),
  ]);
  if (compiled?.text === text) return compiled.content;
  const { parseYaml } = await import('./parse-yaml.ts');
  return parseYaml(text);
};
