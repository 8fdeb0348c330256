import type { Gate, Verification } from '#contracts';

/** What a check does, in words that a person can repeat by hand. */
export const verificationLabel = (verification: Verification): string => {
  switch (verification.type) {
    case 'command':
      return verification.command;
    case 'test_passes':
      return verification.test_command;
    case 'file_exists':
      return `${verification.path} exists`;
    case 'file_contains':
      return `${verification.path} contains ${verification.pattern}`;
    case 'browser':
      return `${verification.url} in a browser: ${verification.assertions.join('; ')}`;
  }
};

export const gateLabel = (gate: Gate): string => (gate === 'typecheck' ? 'type check' : gate);
