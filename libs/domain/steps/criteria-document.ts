import type { StateDocument } from '#contracts';
import type { Run } from '../run.ts';

/** What must hold, how it was checked, and whether the check can tell: one that passed before the work began cannot. */
export const criteriaDocument = ({ criteria, shown }: Run): StateDocument['criteria'] =>
  criteria.map(({ id, criterion, priority, status }) => ({
    id,
    criterion,
    priority,
    status,
    before: shown.find((result) => result.id === id && result.criterion === criterion)?.before ?? null,
  }));
