import type { StateDocument } from '#contracts';
import type { Run } from '../run.ts';

/** Every place that a run can go back to, as it is shown. */
export const checkpointDocuments = ({ checkpoints }: Run): StateDocument['checkpoints'] =>
  checkpoints.map(({ id, name, afterAgent, version, commit, time }) => ({
    id,
    name,
    after_agent: afterAgent,
    version,
    commit,
    time,
  }));
