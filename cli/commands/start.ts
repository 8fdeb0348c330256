import * as z from 'zod';
import { InvalidInput } from '#contracts';
import { type ConfigFlag, findStudioDir, loadConfig, runService } from '#runtime';
import { createLogger } from '#runtime/logger';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { parseOptions, WholeNumber } from '../parse-options.ts';
import { placeOf } from '../place.ts';

const StartOptions = z.object({
  concurrency: WholeNumber.pipe(z.number().min(1).max(64)).default(1),
  host: z.string().optional(),
  port: WholeNumber.optional(),
});
type StartOptions = z.infer<typeof StartOptions>;

const SERVICES = ['router', 'state', 'architect', 'planner', 'builder', 'gateway'] as const;
const AGENTS: readonly string[] = ['architect', 'planner', 'builder'];
type Service = (typeof SERVICES)[number];

const isService = (name: string): name is Service => SERVICES.some((service) => service === name);

/** `agent builder` is the builder; the others are named by one word. */
const serviceOf = ([name = '', role = '']: readonly string[]): Service => {
  const wanted = name === 'agent' ? role : name;
  const agent = AGENTS.includes(wanted);
  if (isService(wanted) && agent === (name === 'agent')) return wanted;
  throw new InvalidInput('no such service', [
    `"${[name, role].filter((word) => word !== '').join(' ')}" is none of router, state, agent architect, agent planner, agent builder, gateway`,
  ]);
};

const flagsOf = ({ host, port }: StartOptions): readonly ConfigFlag[] => [
  ...(host === undefined ? [] : [{ key: 'gateway.host', flag: '--host', value: host }]),
  ...(port === undefined ? [] : [{ key: 'gateway.port', flag: '--port', value: port }]),
];

/** Runs one service in this process until it is told to stop; more of them share the work. */
export const start: Run = async (call: Call) => {
  const { io, args } = call;
  const service = serviceOf(args);
  const options = parseOptions(StartOptions, call.options);
  const { path: studioDir, configFile } = findStudioDir(io.cwd, io.env);
  const { config } = await loadConfig({ file: configFile, env: io.env, flags: flagsOf(options) });
  const place = await placeOf(studioDir, io.env);
  const { startService } = await import('#host/start-service');
  const logger = createLogger({ name: service, level: io.env.STUDIO_LOG_LEVEL ?? 'info' });
  const { concurrency } = options;
  await runService({
    name: service,
    logger,
    start: () => startService({ service, ...place, studioDir, config, env: io.env, concurrency, logger }),
  });
  return EXIT.done;
};
