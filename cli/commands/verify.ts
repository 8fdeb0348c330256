import type { StoredLog, Studio } from '#client';
import { ArchiveUnreadable, type ChainVerdict, createChainVerifier, verifyExport } from '#events';
import type { Call, Run } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isFile, readExports } from '../export-source.ts';
import { show } from '../output.ts';
import type { Style } from '../render/style.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

/** Its file is gone or is no longer what was archived. */
interface Unreadable {
  readonly ok: false;
  readonly problem: 'unreadable';
  readonly reason: string;
}
type Verdict = (ChainVerdict | Unreadable) & { readonly stream: string };

const renderVerdict = (verdict: Verdict, style: Style): readonly string[] => {
  const { stream } = verdict;
  if (verdict.ok)
    return [`${style.green('✓')} ${stream}: ${count(verdict.version, 'event')}, nothing changed, head ${verdict.hash}`];
  if (!('version' in verdict)) return [`${style.red('✗')} ${stream}: ${verdict.reason}`];
  const found = `${style.red('✗')} ${stream}: event ${verdict.version}: ${verdict.reason}`;
  if (!stream.startsWith('orch_')) return [found];
  return [found, `  what came before it is whole: studio state ${stream} --at ${verdict.version - 1}`];
};

const verifyChainOf = async (log: StoredLog): Promise<ChainVerdict> => {
  const verifier = createChainVerifier();
  const head = await log.head();
  for await (const entry of log.entries(head.version)) if (!verifier.add(entry)) break;
  return verifier.verdict(head);
};

const logOf = (studio: Studio, stream: string): StoredLog => ({
  stream,
  head: () => studio.head(stream),
  entries: (to) => studio.stored(stream, to),
});

/** In Redis or in the file of an archived run; one that cannot be read is a finding, and the others are looked at too. */
const verifyLog = async (log: StoredLog): Promise<Verdict> => {
  const { stream } = log;
  try {
    return { stream, ...(await verifyChainOf(log)) };
  } catch (error) {
    if (!(error instanceof ArchiveUnreadable)) throw error;
    return { stream, ok: false, problem: 'unreadable', reason: error.message };
  }
};

/** Every export of a file. Needs no server. */
const verifyFile = async ({ io }: Call, name: string): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  for await (const exported of readExports(name, io))
    verdicts.push({ stream: exported.stream, ...verifyExport(exported) });
  return verdicts;
};

const codeOf = (verdicts: readonly Verdict[]): ExitCode => (verdicts.every(({ ok }) => ok) ? EXIT.done : EXIT.failed);

const showAll = (call: Call, verdicts: readonly Verdict[]): ExitCode => {
  const bad = verdicts.filter(({ ok }) => !ok);
  show(call, { verified: verdicts.length - bad.length, failed: bad }, ({ verified, failed }, style) => [
    ...failed.flatMap((verdict) => renderVerdict(verdict, style)),
    `${count(verified, 'log')} verified${failed.length > 0 ? `, ${failed.length} not` : ''}`,
  ]);
  return codeOf(verdicts);
};

const verifyAll = (call: Call): Promise<ExitCode> =>
  withSession(call, async ({ studio }) => {
    const verdicts: Verdict[] = [];
    for await (const log of studio.logs()) verdicts.push(await verifyLog(log));
    return showAll(call, verdicts);
  });

/** Of an id, of an export file without any server, or of everything. */
export const verify: Run = async (call) => {
  const [what] = call.args;
  if (what === undefined) return verifyAll(call);
  const verdicts = isFile(what, call.io)
    ? await verifyFile(call, what)
    : await withSession(call, async ({ studio }) => [await verifyLog(logOf(studio, await studio.resolve(what)))]);
  const [verdict, ...others] = verdicts;
  if (!verdict || others.length > 0) return showAll(call, verdicts);
  show(call, verdict, renderVerdict);
  return codeOf(verdicts);
};
