import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isScalar, isSeq, parseDocument } from 'yaml';
import { InvalidInput } from '#contracts';

type Document = ReturnType<typeof parseDocument>;

const read = async (file: string): Promise<Document> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new InvalidInput('the configuration cannot be changed', [`${file}: ${problem.message}`]);
  return document;
};

const listIn = (document: Document, key: string): readonly unknown[] => {
  const list = document.getIn(['engines', key]);
  return isSeq(list) ? list.items.map((item) => (isScalar(item) ? item.value : item)) : [];
};

const add = (document: Document, key: string, names: readonly string[]): void => {
  const path = ['engines', key];
  const missing = names.filter((name) => !listIn(document, key).includes(name));
  if (isSeq(document.getIn(path))) {
    for (const name of missing) document.addIn(path, name);
  } else if (missing.length > 0) document.setIn(path, document.createNode(missing, { flow: true }));
};

const remove = (document: Document, key: string, names: readonly string[]): void => {
  for (const name of names) {
    const at = listIn(document, key).indexOf(name);
    if (at >= 0) document.deleteIn(['engines', key, at]);
  }
};

/**
 * Remembers in `config.yaml` whether agents may be used; what else is written there stays, comments too.
 * @throws {InvalidInput} the file is no YAML
 */
export const decideAgents = async (
  file: string,
  { names, allowed }: { readonly names: readonly string[]; readonly allowed: boolean },
): Promise<void> => {
  const document = await read(file);
  // A section that is written down but empty is none.
  if (document.getIn(['engines']) === null) document.deleteIn(['engines']);
  add(document, allowed ? 'allow' : 'deny', names);
  remove(document, allowed ? 'deny' : 'allow', names);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, document.toString());
  await rename(draft, file);
};
