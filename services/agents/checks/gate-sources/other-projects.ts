import { readFile } from 'node:fs/promises';
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
  return gates;
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
