/** How long an agent may take, and how long it may be silent. A person who is asked takes none of its time. */
export interface Clock {
  /** A sign of life. */
  readonly touch: () => void;
  /** Stands still until what it returns is called. */
  readonly pause: () => () => void;
  readonly stop: () => void;
}

export interface ClockOptions {
  readonly timeoutMs: number;
  readonly silenceMs: number;
  readonly onExpired: (which: 'timeout' | 'silence') => void;
}

export const startClock = ({ timeoutMs, silenceMs, onExpired }: ClockOptions): Clock => {
  let leftMs = timeoutMs;
  let since = performance.now();
  let pauses = 0;
  let wall: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(wall);
    clearTimeout(silence);
  };
  const touch = (): void => {
    clearTimeout(silence);
    if (pauses === 0) silence = setTimeout(onExpired, silenceMs, 'silence');
  };
  const go = (): void => {
    since = performance.now();
    wall = setTimeout(onExpired, leftMs, 'timeout');
    touch();
  };
  go();
  return {
    touch,
    stop,
    pause: () => {
      pauses += 1;
      if (pauses === 1) leftMs = Math.max(0, leftMs - (performance.now() - since));
      stop();
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        pauses -= 1;
        if (pauses === 0) go();
      };
    },
  };
};
