import * as z from 'zod';
import { ContextPolicy } from './context.ts';
import { FailureCategory, type Gate } from './ids.ts';
import { RegularExpression } from './regular-expression.ts';

/** A program that an engine runs: JSON on stdin, JSON lines on stdout. */
const CommandEngine = z.strictObject({
  command: z.string().min(1).describe('shell command; the request comes on its stdin as one JSON document'),
  can: z
    .array(z.enum(['plan', 'work', 'decompose']))
    .min(1)
    .default(['plan', 'work'])
    .describe('what the program is able to do'),
  timeout_s: z.number().positive().max(86_400).default(1_800).describe('seconds after which one request is ended'),
});

const Engines = z.strictObject({
  default: z.string().min(1).describe('engine of a goal that names none; auto takes the best that is configured'),
  commands: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, { error: 'expected a name of lower case letters, digits, _ and -' }),
      CommandEngine,
    )
    .describe('engines that are programs, by name'),
});

const GateChoice = z
  .union([z.literal('auto'), z.literal(false), z.string().min(1)], { error: 'expected auto, false, or a command' })
  .describe('auto discovers the command, false leaves the gate out, any other text is the command');

const Gates = z.strictObject({
  lint: GateChoice,
  typecheck: GateChoice,
  test: GateChoice,
  security: GateChoice,
  timeout_s: z.number().positive().max(86_400).describe('seconds after which a gate counts as failed'),
} satisfies Record<Gate, z.ZodType> & { timeout_s: z.ZodType });

const Workspace = z.strictObject({
  setup: z
    .union([z.literal('auto'), z.literal(false), z.string().min(1)], { error: 'expected auto, false, or a command' })
    .describe(
      'prepares a fresh worktree: auto follows the lock file, false does nothing, any other text is the command',
    ),
  copy: z.array(z.string().min(1)).describe('files that git ignores but the work needs, as globs'),
  command_timeout_s: z.number().positive().max(86_400).describe('seconds after which a command of a step is ended'),
});

const Routing = z.strictObject({
  confirm_threshold: z.number().min(0).max(1).describe('below this confidence a route is confirmed by a person'),
});

const Recovery = z.strictObject({
  step_tries: z.int().min(1).max(20).describe('tries of one step before a person decides'),
  gate_tries: z.int().min(1).max(20).describe('tries of one gate before a person decides'),
  leases_per_attempt: z
    .int()
    .min(1)
    .max(100)
    .describe('workers that may die in one attempt without a verified step between, before a person decides'),
  checkpoint_every: z.int().min(1).max(100).describe('verified steps between two checkpoints'),
  replans: z.int().min(0).max(10).describe('plans that are made anew after a failure before a person decides'),
  repeats: z
    .int()
    .min(0)
    .max(20)
    .describe('the same error without progress so often is a loop, and a person decides at once; 0 turns this off'),
  patterns: z
    .array(z.strictObject({ pattern: RegularExpression, category: FailureCategory }))
    .describe('regular expressions that classify an error, asked before the built-in ones'),
});

const Security = z.strictObject({
  forbid: z
    .array(z.strictObject({ pattern: RegularExpression, why: z.string().min(1) }))
    .describe('commands that end a run at once before they run, beside those of data/forbidden-commands.yaml'),
  allow: z.array(z.string().min(1)).describe('rules of data/forbidden-commands.yaml that are not in force, by id'),
  secret_files: z
    .array(z.string().min(1))
    .describe('files that may hold what looks like a secret, as globs: keys of tests, certificates of examples'),
});

const Interactions = z.strictObject({
  rounds: z.int().min(0).max(5).describe('rounds of questions that a planner may ask'),
  readiness: z.number().min(0).max(1).describe('a planner that is as ready as this asks no more'),
  question_s: z.number().positive().max(604_800).describe('seconds after which a question takes its default'),
  decision_s: z
    .number()
    .positive()
    .max(31_536_000)
    .describe('seconds after which a decision that nobody made ends the run; its branch is kept'),
});

const Tasks = z.strictObject({
  at_once: z.int().min(1).max(256).describe('tasks of one goal that run at the same time'),
});

const Redact = z.strictObject({
  patterns: z
    .array(z.string().min(1))
    .describe('regular expressions; what they match is never shown, logged or stored'),
});

const Env = z.strictObject({
  allow: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' }))
    .describe('environment variables that commands may see, by name'),
});

const Host = z.strictObject({
  gateway: z.boolean().describe('true serves HTTP too'),
  planners: z.int().min(1).max(64).describe('goals that one host plans at the same time'),
  builders: z.int().min(1).max(64).describe('goals that one host builds at the same time'),
  idle_s: z.number().min(1).describe('seconds without a client and without work after which the host ends'),
});

const Gateway = z.strictObject({
  host: z.string().min(1).describe('address to listen on; anything but loopback needs STUDIO_API_KEY'),
  port: z.int().min(0).max(65_535).describe('0 takes a free port'),
});

const Retention = z.strictObject({
  archive_after_days: z
    .union([z.literal(false), z.number().positive()], { error: 'expected a number of days, or false' })
    .describe('days after its last event at which a run that has ended is moved to a file; false: never'),
  folder: z
    .string()
    .min(1)
    .describe(
      'where these files are, from .studio; auto is .studio/archive with the own Redis of a host, and nowhere with yours, because only you know a folder that all share and that lasts',
    ),
});

const Hook = z
  .union(
    [
      z.literal(false),
      z
        .strictObject({
          command: z.string().min(1).optional().describe('shell command; the event comes on its stdin as JSON'),
          url: z
            .url({ protocol: /^https?$/ })
            .optional()
            .describe('gets the event as a signed POST'),
        })
        .refine(({ command, url }) => command !== undefined || url !== undefined, {
          error: 'name a command, a url, or both',
        }),
    ],
    { error: 'expected false, or a command, a url, or both' },
  )
  .describe('false tells nobody');

const Hooks = z.strictObject({
  completed: Hook.describe('told when a run has completed; false tells nobody'),
  waiting: Hook.describe('told when a run, or a task of one, waits for a person'),
  failed: Hook.describe('told when a run has failed, was halted or aborted'),
  timeout_s: z.number().positive().max(600).describe('seconds after which one try is ended'),
  tries: z.int().min(1).max(100).describe('tries, ever further apart up to 5 minutes, before a notice is given up'),
});

/**
 * `.studio/config.yaml` over the built-in `data/defaults.yaml`: one section a topic. No value is optional, because the
 * defaults name them all; a key that is not here is refused. Secrets come from the environment and have no place here.
 */
export const Config = z.strictObject({
  engines: Engines,
  gates: Gates,
  workspace: Workspace,
  routing: Routing,
  recovery: Recovery,
  security: Security,
  interactions: Interactions,
  tasks: Tasks,
  context: ContextPolicy,
  hooks: Hooks,
  retention: Retention,
  redact: Redact,
  env: Env,
  host: Host,
  gateway: Gateway,
});
export type Config = z.infer<typeof Config>;

/** One value as `studio config` shows it. `origin` is `default`, `file <path>:<line>`, `env NAME` or `flag --name`. */
export const ConfigValue = z.strictObject({ key: z.string(), value: z.unknown(), origin: z.string() });
export type ConfigValue = z.infer<typeof ConfigValue>;
