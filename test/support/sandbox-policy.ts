import { AGENT_PROGRAMS } from '#engines';
import { readSandboxData, type SandboxPolicy } from '#sandbox';

/** A sandbox as the configuration has it by default, but for what is said here. */
export const sandboxPolicy = (change: Partial<SandboxPolicy> = {}): SandboxPolicy => ({
  mode: 'auto',
  network: 'allow-list',
  allow: [],
  read: [],
  write: [],
  nested: false,
  engines: {},
  models: [],
  agents: AGENT_PROGRAMS,
  data: readSandboxData(),
  ...change,
});
