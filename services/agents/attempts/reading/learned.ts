import { subjectDomain } from '#domain';
import type { EngineContext } from '#engines';
import type { Redact } from '#workspace';
import type { Attempt } from '../attempt.ts';

/** Of one lease. An engine that has more to say than this says nothing worth knowing. */
const MOST = 50;
const MOST_CHARACTERS = 2_000;

/** Keeps what engines say that they learned, for the next report. */
export const createLearned = (attempt: Attempt, redact: Redact) => {
  // Asked for now: an engine may speak up after the lease has ended.
  const run = attempt.run();
  const said = new Set(run.learnings.map(({ domain, text }) => `${domain} ${text}`));
  let heard = 0;
  const learned: NonNullable<EngineContext['learned']> = ({ domain, text }) => {
    const entry = { domain: domain ?? subjectDomain(run), text: redact(text).trim().slice(0, MOST_CHARACTERS) };
    const key = `${entry.domain} ${entry.text}`;
    if (entry.text === '' || heard >= MOST || said.has(key)) return;
    heard += 1;
    said.add(key);
    attempt.note({ fact: 'learnings.captured', data: { entries: [entry] } });
  };
  return { learned, hasLearned: (): boolean => heard > 0 };
};
