export { type Detected, detectSandbox } from './detect.ts';
export type { Mount } from './mounts.ts';
export type { AgentProgram, Needs, Program, SandboxPolicy } from './policy.ts';
export { readSandboxData } from './read-data.ts';
export { createSandboxes, nameOfSandbox, type Sandbox, type Sandboxes } from './sandboxes.ts';
