import type { Attempt, Desk, Equipment } from '#attempts';
import type { GateSettings } from '#checks';
import type { CheckedTrees } from './checked-trees.ts';

export interface BuilderEquipment extends Equipment {
  readonly gates: GateSettings;
  readonly gateTimeoutMs: number;
}

/** What the parts of a build share. */
export interface Build {
  readonly attempt: Attempt;
  readonly desk: Desk;
  readonly equipment: BuilderEquipment;
  readonly checked: CheckedTrees;
}
