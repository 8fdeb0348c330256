import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gate } from '#contracts';
import { findProgram } from '#workspace';
import type { FoundCommand, GateSource } from './gate-source.ts';

const read = (directory: string, file: string) => readFile(join(directory, file), 'utf8').catch(() => null);

const TARGETS: Readonly<Record<Gate, readonly string[]>> = {
  lint: ['lint'],
  typecheck: ['typecheck', 'type-check'],
  test: ['test', 'check'],
  security: ['security', 'audit'],
};

export const findInMakefile: GateSource = async (directory) => {
  const makefile = (await read(directory, 'Makefile')) ?? (await read(directory, 'makefile'));
  if (makefile === null) return {};
  // A name before a colon at the start of a line; `:=` assigns a variable.
  const targets = new Set(Array.from(makefile.matchAll(/^([\w.-]+)[ \t]*::?(?!=)/gm), (match) => match[1]));
  const gates: Partial<Record<Gate, FoundCommand>> = {};
  for (const gate of ['lint', 'typecheck', 'test', 'security'] as const) {
    const target = TARGETS[gate].find((name) => targets.has(name));
    if (target !== undefined) gates[gate] = { command: `make ${target}`, source: `Makefile target ${target}` };
  }
  return gates;
};

const PYTHON_TOOLS = [
  { gate: 'lint', tool: 'ruff', command: 'ruff check .' },
  { gate: 'typecheck', tool: 'mypy', command: 'mypy .' },
  { gate: 'test', tool: 'pytest', command: 'pytest -q' },
] as const;

const TEST_FILE = /^(?:test_.*|.*_test)\.py$/;
const FOR_PYTEST = /^(?:import pytest|from pytest|(?:async )?def test_)/m;
const FOR_UNITTEST = /^(?:import|from) unittest\b/m;

/**
 * Tests that lie there are run although nothing configures them. What they are written for decides: another runner would find
 * none and call that a success. As a module, because then the root of the project can be imported.
 */
const findPythonTests = async (directory: string, search: string): Promise<FoundCommand | null> => {
  for (const folder of ['tests', 'test']) {
    const files = (await readdir(join(directory, folder)).catch(() => [])).filter((file) => TEST_FILE.test(file));
    const texts = await Promise.all(files.map((file) => read(join(directory, folder), file)));
    const has = async (pattern: RegExp, program: string) =>
      texts.some((text) => pattern.test(text ?? '')) && (await findProgram(program, search)) !== null;
    const source = `${folder}/*.py`;
    if (await has(FOR_PYTEST, 'pytest')) return { command: 'python3 -m pytest -q', source };
    if (texts.some((text) => FOR_PYTEST.test(text ?? ''))) return null;
    if (await has(FOR_UNITTEST, 'python3'))
      return { command: `python3 -m unittest discover -s ${folder} -p '*test*.py'`, source };
  }
  return null;
};

/** Only tools that the project configures: another one would find fault with code that never meant to pass it. */
export const findInPyproject: GateSource = async (directory, path) => {
  const pyproject = await read(directory, 'pyproject.toml');
  if (pyproject === null) return {};
  const gates: Partial<Record<Gate, FoundCommand>> = {};
  const search = `${join(directory, '.venv', 'bin')}:${path}`;
  for (const { gate, tool, command } of PYTHON_TOOLS) {
    // A table of its own is all that counts, and table headers stand on lines of their own.
    const configured = new RegExp(`^\\[\\[?tool\\.${tool}[.\\]]`, 'm').test(pyproject);
    if (configured && (await findProgram(tool, search)) !== null) {
      gates[gate] = { command, source: `pyproject.toml [tool.${tool}]` };
    }
  }
  const test = gates.test ?? (await findPythonTests(directory, search));
  return test === null ? gates : { ...gates, test };
};

export const findInGo: GateSource = async (directory, path) => {
  if ((await read(directory, 'go.mod')) === null || (await findProgram('go', path)) === null) return {};
  return {
    lint: { command: 'go vet ./...', source: 'go.mod' },
    typecheck: { command: 'go build ./...', source: 'go.mod' },
    test: { command: 'go test ./...', source: 'go.mod' },
  };
};

export const findInCargo: GateSource = async (directory, path) => {
  if ((await read(directory, 'Cargo.toml')) === null || (await findProgram('cargo', path)) === null) return {};
  const source = 'Cargo.toml';
  return {
    ...((await findProgram('cargo-clippy', path)) === null ? {} : { lint: { command: 'cargo clippy', source } }),
    typecheck: { command: 'cargo check', source },
    test: { command: 'cargo test', source },
  };
};
