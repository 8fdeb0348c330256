import * as z from 'zod';
import type { Usage } from '#contracts';
import type { Adapter, AgentFault, Remark } from './adapter.ts';

/** An agent whose provider does not answer for so long is ended: another engine may be able to go on. */
const GIVE_UP_MS = 60_000;
/** A wait that is longer than this is better waited out without an agent that holds a worker. */
const LONG_WAIT_MS = 20_000;
const MOST_SHOWN = 300;

export interface Listening {
  readonly adapter: Adapter;
  readonly progress: (message: string) => void;
  readonly used: (usage: Usage) => void;
  /** Called once, when it makes no sense to wait any longer. */
  readonly giveUp: () => void;
  readonly now: () => number;
}

/** What an agent came to. */
export interface Heard {
  readonly answer: string | null;
  readonly hasEnded: boolean;
  readonly fault: AgentFault | null;
  /** When its provider takes requests again, ISO 8601; `null` where nobody said so. */
  readonly until: string | null;
  /** Lines in a format that is known. */
  readonly understood: number;
}

const Line = z.record(z.string(), z.unknown());

const parse = (line: string): z.infer<typeof Line> | null => {
  if (!line.trimStart().startsWith('{')) return null;
  try {
    return Line.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
};

/** The first line of what is said, for people; documents are for programs. */
const shown = (text: string): string => {
  const first = text.trim().split('\n', 1)[0] ?? '';
  return /^(?:[{[]|```)/.test(first) ? '' : first.slice(0, MOST_SHOWN);
};

/** The messages of an agent; pieces of one are put together. */
const createTranscript = (progress: (message: string) => void) => {
  let last: string | null = null;
  let isOpen = false;
  const flush = (): void => {
    const line = isOpen && last !== null ? shown(last) : '';
    isOpen = false;
    if (line !== '') progress(line);
  };
  return {
    add(text: string, more: boolean): void {
      if (isOpen && more) {
        last += text;
        return;
      }
      flush();
      last = text;
      isOpen = true;
    },
    flush,
    last: (): string | null => last,
  };
};

/** What was used, each amount once: by the sums of the agent, else by its messages. */
const createMeter = (used: (usage: Usage) => void) => {
  const byMessage = new Map<string, Usage>();
  let hasSum = false;
  return {
    sum(usage: Usage): void {
      hasSum = true;
      used(usage);
    },
    message: (id: string, usage: Usage): void => void byMessage.set(id, usage),
    /** An agent that was ended says no sum. */
    end(): void {
      if (hasSum) return;
      for (const usage of byMessage.values()) if (usage.input_tokens + usage.output_tokens > 0) used(usage);
    },
  };
};

interface Trouble {
  readonly sinceMs: number;
  readonly fault: AgentFault;
  readonly until: string | null;
}

const isFinal = ({ status }: AgentFault): boolean => status === 401 || status === 403;

/** Whether it makes sense to wait for a provider any longer. */
const createPatience = (now: () => number) => {
  let trouble: Trouble | null = null;
  let isOver = false;
  return {
    /** It does something again. */
    reset(): void {
      if (!isOver) trouble = null;
    },
    /** @returns true when it makes none, from then on */
    tried({ fault, waitMs }: Extract<Remark, { type: 'retrying' }>): boolean {
      const nowMs = now();
      const until = waitMs === null ? null : new Date(nowMs + waitMs).toISOString();
      const sinceMs = trouble?.sinceMs ?? nowMs;
      trouble = { sinceMs, fault, until };
      isOver = isFinal(fault) || nowMs - sinceMs >= GIVE_UP_MS || (waitMs ?? 0) >= LONG_WAIT_MS;
      return isOver;
    },
    trouble: (): Trouble | null => trouble,
  };
};

/** Makes sense of what an agent prints, line by line. */
export const createListener = ({ adapter, progress, used, giveUp, now }: Listening) => {
  const transcript = createTranscript(progress);
  const meter = createMeter(used);
  const patience = createPatience(now);
  let understood = 0;
  let answer: string | null = null;
  let hasEnded = false;
  let fault: AgentFault | null = null;

  const onRetrying = (remark: Extract<Remark, { type: 'retrying' }>): void => {
    progress(`its provider does not answer: ${remark.fault.error}`.slice(0, MOST_SHOWN));
    if (patience.tried(remark)) giveUp();
  };
  const onRemark = (remark: Remark): void => {
    switch (remark.type) {
      case 'said':
        patience.reset();
        transcript.add(remark.text, remark.more === true);
        break;
      case 'did':
        patience.reset();
        transcript.flush();
        progress(remark.what);
        break;
      case 'used':
        meter.sum(remark.usage);
        break;
      case 'using':
        meter.message(remark.message, remark.usage);
        break;
      case 'retrying':
        onRetrying(remark);
        break;
      case 'failed':
        fault = remark.fault;
        break;
      case 'ended':
        hasEnded = true;
        answer = remark.text ?? answer;
    }
  };
  const onLine = (text: string): void => {
    const document = parse(text);
    const remarks = document === null ? [] : adapter.read(document);
    if (remarks.length > 0) understood += 1;
    for (const remark of remarks) onRemark(remark);
  };
  const end = (): Heard => {
    transcript.flush();
    meter.end();
    const trouble = hasEnded ? null : patience.trouble();
    const why = fault ?? trouble?.fault ?? null;
    return { answer: answer ?? transcript.last(), hasEnded, fault: why, until: trouble?.until ?? null, understood };
  };
  return { line: onLine, end };
};
