import { createHash } from 'node:crypto';

export interface Place {
  readonly parent: string;
  readonly task: string;
  readonly try: number;
  /** Version of the parent's fact that names the child: after going back the same try is another run. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly time: string;
}

const stampOf = (time: string): string => {
  const [date = '', clock = ''] = time.slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${date}_${clock}`;
};

/** The same place gives the same id, so that whoever asks for the child again asks for that one. */
export const childIdOf = ({ parent, task, try: number, version, time }: Place): string => {
  const digest = createHash('sha256').update(`${parent} ${task} ${number} ${version}`).digest('hex');
  return `orch_${stampOf(time)}_${digest.slice(0, 12)}`;
};
