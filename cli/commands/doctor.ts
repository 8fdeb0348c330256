import type { Run } from '../command.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { renderDiagnosis } from '../render/diagnosis.ts';

/** What this machine has and lacks; starts nothing. */
export const doctor: Run = async (call) => {
  const checks = await diagnose(call.io);
  show(call, { ready: !checks.some(({ verdict }) => verdict === 'fail'), checks }, renderDiagnosis);
  return checks.some(({ verdict }) => verdict === 'fail') ? EXIT.unreachable : EXIT.done;
};
