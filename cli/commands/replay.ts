import * as z from 'zod';
import { policyIn, type Studio } from '#client';
import { NotFound } from '#contracts';
import { eventCodec, type Recorded } from '#events';
import { documentAt, type PolicyOf, timeline, verifyDecisions } from '#replay';
import type { Call, Run } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isFile, readExport } from '../export-source.ts';
import { show } from '../output.ts';
import { moment, parseOptions } from '../parse-options.ts';
import { eventsOf } from '../pick-run.ts';
import { renderTimeline, renderVerified } from '../render/replay.ts';
import { renderState } from '../render/state.ts';
import { withSession } from '../session.ts';

const ReplayOptions = z.object({ to: z.string().optional(), verify: z.boolean().optional() });

/** The policies that a recording was decided under, by the hash that it names. */
type Policies = (events: readonly Recorded[]) => Promise<PolicyOf>;

const policiesBy =
  (find: Studio['policy']): Policies =>
  async (events) => {
    const hashes = events.flatMap((event) => (event.type === 'goal.submitted' ? [event.data.policy.hash] : []));
    const known = await Promise.all(hashes.map(async (hash) => [hash, await find(hash)] as const));
    const byHash = new Map(known);
    return (hash) => byHash.get(hash) ?? null;
  };

const showView = (call: Call, events: readonly Recorded[], to: string): ExitCode => {
  const { program, now } = call.io;
  const document = documentAt(events, /^\d+$/.test(to) ? Number(to) : moment(to, now()));
  if (!document) throw new NotFound(`nothing had happened at ${to} yet`, { to });
  show(call, document, (state, style) => renderState(state, style, { program, now: now() }));
  return EXIT.done;
};

const showVerified = (call: Call, events: readonly Recorded[], policyOf: PolicyOf): ExitCode => {
  const verified = verifyDecisions(events, policyOf);
  show(call, verified, renderVerified);
  return verified.outcome === 'agrees' ? EXIT.done : EXIT.failed;
};

const showReplay = async (call: Call, events: readonly Recorded[], policies: Policies): Promise<ExitCode> => {
  const { to, verify } = parseOptions(ReplayOptions, call.options);
  if (verify) return showVerified(call, events, await policies(events));
  if (to !== undefined) return showView(call, events, to);
  show(call, { timeline: [...timeline(events)] }, renderTimeline);
  return EXIT.done;
};

const replayFile = async (call: Call, file: string): Promise<ExitCode> => {
  const { stream, entries, blobs, policies } = await readExport(file, call.io);
  const events = entries.map((entry) => eventCodec.decode(stream, entry, (hash) => blobs.get(hash)));
  return showReplay(
    call,
    events,
    policiesBy((hash) => policyIn(policies, hash)),
  );
};

/** Reads a recording, of a run or in a file; nothing runs again, and nothing changes. */
export const replay: Run = async (call) => {
  const what = call.args[0] ?? '';
  if (isFile(what, call.io)) return replayFile(call, what);
  return withSession(call, async ({ studio }) => {
    const events: Recorded[] = [];
    for await (const event of eventsOf(studio, await studio.resolve(what))) events.push(event);
    return showReplay(call, events, policiesBy(studio.policy));
  });
};
