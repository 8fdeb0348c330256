import type { Studio } from '#client';
import type { ListPage } from '#contracts';
import { type ChainVerdict, createChainVerifier, verifyExport } from '#events';
import type { Call, Run } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isFile, readExports } from '../export-source.ts';
import { show } from '../output.ts';
import type { Style } from '../render/style.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

type Verdict = ChainVerdict & { readonly stream: string };

const renderVerdict = (verdict: Verdict, style: Style): readonly string[] =>
  verdict.ok
    ? [
        `${style.green('✓')} ${verdict.stream}: ${count(verdict.version, 'event')}, nothing changed, head ${verdict.hash}`,
      ]
    : [
        `${style.red('✗')} ${verdict.stream}: event ${verdict.version}: ${verdict.reason}`,
        `  what came before it is whole: studio state ${verdict.stream} --at ${verdict.version - 1}`,
      ];

const verifyStream = async (studio: Studio, id: string): Promise<Verdict> => {
  const verifier = createChainVerifier();
  const head = await studio.head(id);
  for await (const entry of studio.stored(id, head.version)) if (!verifier.add(entry)) break;
  return { stream: id, ...verifier.verdict(head) };
};

/** Every export of a file. Needs no server. */
const verifyFile = async ({ io }: Call, name: string): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  for await (const exported of readExports(name, io))
    verdicts.push({ stream: exported.stream, ...verifyExport(exported) });
  return verdicts;
};

const codeOf = (verdicts: readonly Verdict[]): ExitCode => (verdicts.every(({ ok }) => ok) ? EXIT.done : EXIT.failed);

/** Runs of one page of the list. */
const PAGE = 1_000;

async function* allRuns(studio: Studio): AsyncGenerator<string, void> {
  let cursor: string | null = null;
  do {
    const page: ListPage = await studio.list({ limit: PAGE, ...(cursor ? { cursor } : {}) });
    yield* page.orchestrations.map(({ id }) => id);
    cursor = page.next_cursor;
  } while (cursor);
}

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
    for await (const id of allRuns(studio)) verdicts.push(await verifyStream(studio, id));
    return showAll(call, verdicts);
  });

/** Of an id, of an export file without any server, or of every run. */
export const verify: Run = async (call) => {
  const [what] = call.args;
  if (what === undefined) return verifyAll(call);
  const verdicts = isFile(what, call.io)
    ? await verifyFile(call, what)
    : await withSession(call, async ({ studio }) => [await verifyStream(studio, await studio.resolve(what))]);
  const [verdict, ...others] = verdicts;
  if (!verdict || others.length > 0) return showAll(call, verdicts);
  show(call, verdict, renderVerdict);
  return codeOf(verdicts);
};
