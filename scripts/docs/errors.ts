import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { findErrorClasses, findRules, inOrder } from './error-classes.ts';
import { code, type Generator, page, table } from './generator.ts';

const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
const PRODUCT = ['libs/**/*.ts', 'services/**/*.ts', 'cli/**/*.ts'];
const TESTS = ['**/*.test.ts', 'node_modules'];

const REMEDIES = [
  ['`change`', 'the same request fails again: change it'],
  ['`retry`', 'time may cure it: try again later'],
  ['`reload`', 'somebody else was first: read again, decide again'],
  ['`none`', 'a bug or bad data: a person must look'],
];

/** No class below StudioError comes from a package, and reading the types of all packages takes most of the time. */
const ownModules =
  (options: ts.CompilerOptions, host: ts.CompilerHost): NonNullable<ts.CompilerHost['resolveModuleNameLiterals']> =>
  (literals, from) =>
    literals.map(({ text }) =>
      /^[.#]/.test(text)
        ? ts.resolveModuleName(text, from, options, host, undefined, undefined, ts.ModuleKind.ESNext)
        : { resolvedModule: undefined },
    );

const productProgram = (): ts.Program => {
  const { config } = ts.readConfigFile(TSCONFIG, ts.sys.readFile);
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    { ...config, include: PRODUCT, exclude: TESTS },
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  return ts.createProgram(fileNames, options, { ...host, resolveModuleNameLiterals: ownModules(options, host) });
};

// A class that says no more than `Remedy` decides when it is thrown.
const remedyText = (remedies: readonly string[]): string =>
  remedies.length === REMEDIES.length ? 'as the error says' : remedies.map(code).join(' or ');

export const errors: Generator = {
  page: 'errors.md',
  about: 'every error code, what it means and what to do next',
  generate: async () => {
    const program = productProgram();
    const rows = findErrorClasses(program).flatMap(({ codes, remedies, meaning }) =>
      codes.map((name) => [code(name), remedyText(remedies), meaning]),
    );
    const rules = findRules(program).map(({ name, message }) => [code(`rule.${name}`), message]);
    return page(
      'Error codes',
      'Match on the code: it never changes. The text may. The remedy says what the caller may do next.',
      table(['remedy', 'what to do'], REMEDIES),
      table(
        ['code', 'remedy', 'meaning'],
        rows.toSorted(([a], [b]) => inOrder(a, b)),
      ),
      '## Rules',
      'A command that the state of an orchestration does not allow is refused with one of these codes.',
      table(['code', 'what is wrong'], rules),
    );
  },
};
