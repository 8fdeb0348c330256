/** `1 file`, `3 files`. */
export const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
};

/** How long ago, in the largest unit that is not nothing. */
export const age = (time: string, now: Date): string => {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
};

/** The beginning of a git object name: as much as people compare. */
export const shortCommit = (commit: string): string => commit.slice(0, 8);

export const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

export const clip = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Fit for a shell, to copy. */
export { shellWord as quoted } from '#contracts';
