import { AGENT_PROGRAMS } from '#engines';
import { readSandboxData, type SandboxPolicy } from '#sandbox';

const data = await readSandboxData();

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
  data,
  ...change,
});
