import { sha256 } from '../codec/chain.ts';
import { blobsOf } from '../codec/codec.ts';
import { type ChainProblem, type ChainVerdict, verifyChain } from '../verify-chain.ts';
import type { ExportedStream } from './export-lines.ts';

const changed = (version: number, reason: string): ChainProblem => ({ ok: false, version, problem: 'changed', reason });

/** What the chain does not cover: contents that are kept apart, under the hash of what they are. */
const contentProblem = ({ entries, blobs, policies }: ExportedStream): ChainProblem | null => {
  for (const { version, body } of entries) {
    for (const hash of blobsOf(body)) {
      const content = blobs.get(hash);
      if (content === undefined) return changed(version, `the blob ${hash} that event ${version} names is missing`);
      if (sha256(content) !== hash) return changed(version, `the content of blob ${hash} was changed`);
    }
  }
  const policy = [...policies].find(([hash, content]) => sha256(content) !== hash);
  return policy ? changed(1, `the content of policy ${policy[0]} was changed`) : null;
};

/** Recomputes every hash of an export: its events, the end that it names, and what is kept apart. */
export const verifyExport = (exported: ExportedStream): ChainVerdict => {
  const verdict = verifyChain(exported.entries, exported.head);
  return verdict.ok ? (contentProblem(exported) ?? verdict) : verdict;
};
