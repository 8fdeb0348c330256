export { type BaseRequest, type BaseVerdicts, runOnBase } from './base-verdicts.ts';
export type { Browser } from './browser/browser.ts';
export {
  type DiscoverRequest,
  discoverGates,
  type FoundGate,
  GATE_ORDER,
  type GateSettings,
} from './discover-gates.ts';
export { gateLabel, verificationLabel } from './labels.ts';
export { type GateVerdict, runGate } from './run-gate.ts';
export { type Shown, showOnBase } from './show-red.ts';
export { type CheckContext, endOf, isAvailable, verify } from './verify.ts';
