import { singleQuoted, type TaskDraft } from '#contracts';

const commandOf = ({ verification }: TaskDraft['acceptance'][number]): string[] => {
  switch (verification?.type) {
    case 'command':
      return [verification.command];
    case 'test_passes':
      return [verification.test_command];
    case 'file_exists':
      return [`test -e ${singleQuoted(verification.path)}`];
    default:
      return [];
  }
};

/** Commands that must pass where a task is built. What no command shows is in its goal, for whoever builds it. */
export const taskChecks = ({ acceptance }: Pick<TaskDraft, 'acceptance'>): { checks?: string[] } => {
  const checks = acceptance.flatMap(commandOf);
  return checks.length > 0 ? { checks } : {};
};
