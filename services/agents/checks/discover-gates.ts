import type { DiscoveredGate, Gate, Plan } from '#contracts';
import type { GateSource } from './gate-sources/gate-source.ts';
import { findInCargo, findInGo, findInMakefile, findInPyproject } from './gate-sources/other-projects.ts';
import { findInPackage } from './gate-sources/package-scripts.ts';

/** Cheap ones first: each failure spares the wait for the next. */
export const GATE_ORDER = ['lint', 'typecheck', 'test', 'security'] as const satisfies readonly Gate[];

/** A gate before it ran on the base: `base` is `null` where that is still to be found out. */
export type FoundGate = Omit<DiscoveredGate, 'base'> & { readonly base: 'off' | 'not_available' | null };

/** `auto` (or nothing) looks around, `false` leaves the gate out, any other text is the command. */
export type GateSettings = Readonly<Partial<Record<Gate, 'auto' | false | string>>>;

export interface DiscoverRequest {
  readonly directory: string;
  readonly planned: Plan['quality_gates'];
  readonly settings: GateSettings;
  /** The value of `PATH` for commands: a tool that is not there is not chosen. */
  readonly path: string;
}

/** What the project itself calls its checks, before what its language would do by default. */
const SOURCES: readonly GateSource[] = [findInPackage, findInMakefile, findInPyproject, findInGo, findInCargo];

/** Finds the command of every gate: the plan decides, then the configuration, then what the repository has. */
export const discoverGates = async (request: DiscoverRequest): Promise<readonly FoundGate[]> => {
  const { directory, planned, settings, path } = request;
  const found = await Promise.all(SOURCES.map((source) => source(directory, path)));
  return GATE_ORDER.map((gate): FoundGate => {
    const chosen = choose(planned[gate], settings[gate]);
    if (chosen !== 'look') return { gate, ...chosen };
    const first = found.find((commands) => commands[gate] !== undefined)?.[gate];
    if (first === undefined) return { gate, command: null, source: 'none found', base: 'not_available' };
    return { gate, ...first, base: null };
  });
};

const choose = (
  planned: Plan['quality_gates'][Gate],
  setting: GateSettings[Gate],
): Omit<FoundGate, 'gate'> | 'look' => {
  if (typeof planned === 'string') return { command: planned, source: 'plan', base: null };
  if (planned === false) return { command: null, source: 'plan', base: 'off' };
  if (setting === false) return { command: null, source: 'configuration', base: 'off' };
  if (setting !== undefined && setting !== 'auto') return { command: setting, source: 'configuration', base: null };
  return 'look';
};
