import * as z from 'zod';
import { readRecordedPolicy, type Studio } from '#client';
import { NotFound } from '#contracts';
import { eventCodec, type Recorded } from '#events';
import { documentAt, type Moment, type PolicyOf, timeline, verifyDecisions } from '#replay';
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

/** A recording: the events of one run, and the policies that they were decided under. */
interface Recording {
  readonly events: readonly Recorded[];
  readonly policyOf: PolicyOf;
}

const hashesOf = (events: readonly Recorded[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'goal.submitted' ? [event.data.policy.hash] : []));

const recordingOf = async (studio: Studio, id: string): Promise<Recording> => {
  const events: Recorded[] = [];
  for await (const event of eventsOf(studio, id)) events.push(event);
  const policies = new Map(
    await Promise.all(hashesOf(events).map(async (hash) => [hash, await studio.policy(hash)] as const)),
  );
  return { events, policyOf: (hash) => policies.get(hash) ?? null };
};

/** A file names its policy by hash; what this installation decides by is the only one it has at hand. */
const recordingIn = async ({ io }: Call, file: string): Promise<Recording> => {
  const { stream, entries, blobs } = await readExport(file, io);
  return {
    events: entries.map((entry) => eventCodec.decode(stream, entry, (hash) => blobs.get(hash))),
    policyOf: readRecordedPolicy,
  };
};

const momentOf = (to: string, { io }: Call): Moment => (/^\d+$/.test(to) ? Number(to) : moment(to, io.now()));

const showView = (call: Call, { events }: Recording, to: string): ExitCode => {
  const document = documentAt(events, momentOf(to, call));
  if (!document) throw new NotFound(`nothing had happened at ${to} yet`, { to });
  const { program, now } = call.io;
  show(call, document, (state, style) => renderState(state, style, { program, now: now() }));
  return EXIT.done;
};

const showVerified = (call: Call, { events, policyOf }: Recording): ExitCode => {
  const verified = verifyDecisions(events, policyOf);
  show(call, verified, renderVerified);
  return verified.outcome === 'agrees' ? EXIT.done : EXIT.failed;
};

/** Reads a recording; nothing runs again, and nothing changes. */
export const replay: Run = async (call) => {
  const { to, verify } = parseOptions(ReplayOptions, call.options);
  const what = call.args[0] ?? '';
  const recording = isFile(what, call.io)
    ? await recordingIn(call, what)
    : await withSession(call, async ({ studio }) => recordingOf(studio, await studio.resolve(what)));
  if (verify) return showVerified(call, recording);
  if (to !== undefined) return showView(call, recording, to);
  const rows = [...timeline(recording.events)];
  show(call, { timeline: rows }, renderTimeline);
  return EXIT.done;
};
