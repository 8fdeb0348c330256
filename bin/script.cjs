#!/usr/bin/env node
// Runs one of the built scripts: `script.cjs context-manager estimate README.md`. CommonJS, and no more than it needs:
// whoever calls such a script calls it often. In a checkout it builds first when what the script is made from is newer.
const { existsSync, readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = dirname(__dirname);
const [node, , name = '', ...args] = process.argv;
const script = join(root, 'dist', `${name}.cjs`);
const builder = join(root, 'scripts', 'build.mjs');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`studio needs Node 20.19 or newer, and this is ${process.versions.node}\n`);
  process.exit(2);
}

const modifiedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;

const isStale = () => {
  const built = statSync(join(root, 'dist', '.built'), { throwIfNoEntry: false })?.mtimeMs;
  const inputs = join(root, 'dist', `${name}.inputs`);
  if (built === undefined || !existsSync(script) || !existsSync(inputs)) return true;
  return readFileSync(inputs, 'utf8')
    .split('\n')
    .some((path) => modifiedMs(join(root, path)) > built);
};

const rebuild = async () => {
  if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
    process.stderr.write(`the npm packages of this checkout are not installed; run: npm --prefix ${root} ci\n`);
    process.exit(4);
  }
  const { build } = await import(pathToFileURL(builder).href);
  await build(root);
};

const run = () => {
  process.argv = [node, script, ...args];
  require(script);
};

if (existsSync(builder) && isStale()) void rebuild().then(run);
else run();
