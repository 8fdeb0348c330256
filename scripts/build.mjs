// Bundles the sources into dist/: `node scripts/build.mjs [--force] [--types]`. Skips when nothing is newer than dist.
// In place and without a lock: chunks are named by their content and entries are renamed into place, so a process that
// runs from an older build goes on, and two builds at once write the same files.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCES = ['cli', 'data', 'libs', 'services'];
const OTHER_INPUTS = ['package.json', 'package-lock.json', 'scripts/build.mjs'];
const STAMP = '.built';

/** Name in dist/ → source. Services also run inside other entries, which load them lazily. */
const ENTRIES = {
  cli: 'cli/main.ts',
  host: 'services/host/main.ts',
  client: 'libs/client/index.ts',
  'orchestrator-connect': 'cli/compat/orchestrator/connect.ts',
};

/**
 * Scripts that are started often and end at once: a CommonJS file each, which Node starts some 8 ms sooner than a module
 * with chunks. What they load lazily is one of the entries above, so that Node does not read it for nothing.
 */
const SCRIPTS = {
  'context-manager': 'cli/compat/context-manager/main.ts',
  orchestrator: 'cli/compat/orchestrator/main.ts',
  'browser-check': 'services/agents/checks/browser/main.ts',
};

/** Chunks of builds older than this are removed: no process is expected to run on them any longer. */
const KEEP_CHUNKS_MS = 7 * 24 * 3_600_000;

/** CommonJS packages inside the bundle ask for Node's own modules with `require`. */
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

const isInput = (name) => (name.endsWith('.ts') && !name.endsWith('.test.ts')) || /\.(lua|yaml)$/.test(name);

/** Every source with the folders they lie in: a removed file shows only in the time of its folder. */
function* inputs(folder) {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* inputs(path);
    else if (isInput(entry.name)) yield path;
  }
}

const allInputs = function* (root) {
  for (const folder of SOURCES.map((name) => join(root, name))) if (existsSync(folder)) yield* inputs(folder);
  for (const file of OTHER_INPUTS.map((name) => join(root, name))) if (existsSync(file)) yield file;
};

/** Whether a source is newer than what was built. About 5 ms for 300 files. */
export const isStale = (root) => {
  const built = statSync(join(root, 'dist', STAMP), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  for (const path of allInputs(root))
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > built) return true;
  return false;
};

/** Packages that take all of zod would have every process read what it says in fifty languages: 0.4 MB. */
const onlyEnglish = {
  name: 'only-english',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
    }));
  },
};

/** As modules it is half as large: what nobody calls, such as its other databases, stays outside. */
const alias = { bullmq: './node_modules/bullmq/dist/esm/index.js' };

const AS_MODULES = { splitting: true, format: 'esm', banner: { js: BANNER }, plugins: [onlyEnglish] };

/** A lazy import of an entry stays an import, of what that entry is built into. */
const entriesStayApart = {
  name: 'entries-stay-apart',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const source = relative(build.initialOptions.absWorkingDir, join(resolveDir, path));
      const [name] = Object.entries(ENTRIES).find(([, entry]) => entry === source) ?? [];
      return kind === 'dynamic-import' && name ? { path: `./${name}.js`, external: true } : undefined;
    });
  },
};

const AS_SCRIPTS = { format: 'cjs', outExtension: { '.js': '.cjs' }, plugins: [entriesStayApart, onlyEnglish] };

const bundle = async (root, dist, entryPoints, shape) => {
  const { build } = await import('esbuild');
  return build({
    absWorkingDir: root,
    entryPoints,
    outdir: dist,
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    platform: 'node',
    alias,
    target: 'node20',
    // Names stay: errors are told apart by their class names, and stack traces are read by people.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    ...shape,
  });
};

const writeWhole = (path, content) => {
  const partial = `${path}.${process.pid}.tmp`;
  writeFileSync(partial, content);
  renameSync(partial, path);
};

/** A reader never sees half a file, and never an entry without its chunks, because those are written first. */
const writeOutputs = (dist, outputFiles) => {
  const isEntry = ({ path }) => !basename(path).startsWith('chunk-');
  for (const file of [...outputFiles].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)))) {
    if (!isEntry(file) && existsSync(file.path)) continue;
    writeWhole(file.path, file.contents);
  }
  const current = new Set(outputFiles.map(({ path }) => path));
  for (const name of readdirSync(dist).filter((candidate) => candidate.startsWith('chunk-'))) {
    const path = join(dist, name);
    if (!current.has(path) && Date.now() - statSync(path).mtimeMs > KEEP_CHUNKS_MS) rmSync(path, { force: true });
  }
};

/** Scripts of Redis are read with `new URL('./x.lua', import.meta.url)`, which in a bundle is beside the chunks. */
const copyLua = (root, dist) => {
  const seen = new Map();
  for (const path of allInputs(root)) {
    if (!path.endsWith('.lua')) continue;
    const name = basename(path);
    if (seen.has(name)) throw new Error(`${path} and ${seen.get(name)} have one name; rename one of them`);
    seen.set(name, path);
    // Half a script is one too, and answers something else.
    const partial = join(dist, `${name}.${process.pid}.tmp`);
    copyFileSync(path, partial);
    renameSync(partial, join(dist, name));
  }
};

/** `libs/runtime/config/read-built-in.ts` reads them. */
const compileData = async (root, dist) => {
  const { parse } = await import('yaml');
  mkdirSync(join(dist, 'data'), { recursive: true });
  for (const path of allInputs(root)) {
    if (!path.startsWith(join(root, 'data', sep)) || !path.endsWith('.yaml')) continue;
    const text = readFileSync(path, 'utf8');
    writeWhole(join(dist, 'data', `${basename(path, '.yaml')}.json`), JSON.stringify({ text, content: parse(text) }));
  }
};

const present = (root, entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(join(root, source))));

/**
 * What each script was made from, a path a line: `bin/script.cjs` looks at these and not at every source. One that loads
 * an entry lazily needs all of them to be new, because that starts services.
 */
const writeScriptInputs = (dist, modules, { outputs }) => {
  for (const [output, { inputs, imports }] of Object.entries(outputs)) {
    const needed = imports.some(({ kind }) => kind === 'dynamic-import') ? { ...modules.inputs, ...inputs } : inputs;
    const sources = Object.keys(needed).filter((path) => !path.includes('node_modules/'));
    writeFileSync(join(dist, `${basename(output, '.cjs')}.inputs`), [...sources, ...OTHER_INPUTS].join('\n'));
  }
};

/** @returns the entries that were built */
export const build = async (root) => {
  const startedAt = new Date();
  const dist = join(root, 'dist');
  const entryPoints = present(root, ENTRIES);
  const scripts = present(root, SCRIPTS);
  mkdirSync(dist, { recursive: true });
  const [modules, files] = await Promise.all([
    bundle(root, dist, entryPoints, AS_MODULES),
    bundle(root, dist, scripts, AS_SCRIPTS),
  ]);
  copyLua(root, dist);
  await compileData(root, dist);
  writeOutputs(dist, [...modules.outputFiles, ...files.outputFiles]);
  writeScriptInputs(dist, modules.metafile, files.metafile);
  writeFileSync(join(dist, STAMP), '');
  // What is edited while the build runs is newer than the build.
  utimesSync(join(dist, STAMP), startedAt, startedAt);
  return [...Object.keys(entryPoints), ...Object.keys(scripts)];
};

/**
 * Bundles one more source as the product is, into a folder of its own inside the checkout: what is measured should be what runs.
 * @returns the file
 */
export const buildInto = async (root, dist, source) => {
  mkdirSync(dist, { recursive: true });
  const { outputFiles } = await bundle(root, dist, { main: source }, AS_MODULES);
  copyLua(root, dist);
  writeOutputs(dist, outputFiles);
  return join(dist, 'main.js');
};

const withRelativeImports = (text, file, imports, types, root) =>
  text.replace(/(\bfrom\s+|\bimport\()(['"])(#[^'"]+|\.[^'"]*\.ts)\2/g, (_, before, quote, specifier) => {
    const target = specifier.startsWith('#')
      ? join(types, relative(root, join(root, imports[specifier])))
      : join(dirname(file), specifier);
    const path = relative(dirname(file), target).replace(/\.ts$/, '.js');
    return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
  });

/** Declarations of the public client for other packages, which know neither our subpath imports nor `.ts` endings. */
export const buildTypes = async (root) => {
  const { default: ts } = await import('typescript');
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const types = join(root, 'dist', 'types');
  rmSync(types, { recursive: true, force: true });
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: types,
      rootDir: root,
    },
    root,
  );
  const program = ts.createProgram([join(root, ENTRIES.client)], options);
  const { diagnostics } = program.emit(undefined, (file, text) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withRelativeImports(text, file, imports, types, root));
  });
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
};

const main = async () => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const args = process.argv.slice(2);
  if (args.includes('--force') || isStale(root)) console.error(`built ${(await build(root)).join(', ')}`);
  if (args.includes('--types')) await buildTypes(root);
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
