import type { Attempt, Desk, Equipment } from '#attempts';
import type { GateSettings } from '#checks';
import type { CheckedTrees } from './checked-trees.ts';

export interface BuilderEquipment extends Equipment {
  readonly gates: GateSettings;
  readonly gateTimeoutMs: number;
  /** Whether checks are shown failing on the base first, and what follows where they do not fail. */
  readonly redFirst: 'require' | 'mark' | 'off';
}

/** What the parts of a build share. */
export interface Build {
  readonly attempt: Attempt;
  readonly desk: Desk;
  readonly equipment: BuilderEquipment;
  readonly checked: CheckedTrees;
}
