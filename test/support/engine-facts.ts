import type { ReportItem } from '#domain';
import { type Event, type EventOf, newestVersion } from '#events';

/** Facts and lines of reports about engines, as `facts.ts` has them of everything else. */

export const chose = (
  engine: string,
  candidates: readonly string[] = [engine],
  change: Partial<Pick<EventOf<'engine.chosen'>['data'], 'role' | 'work'>> = {},
): ReportItem => ({
  fact: 'engine.chosen',
  data: {
    role: 'builder',
    work: 'work',
    engine,
    reason: `${engine}: the goal asks for it`,
    candidates: [...candidates],
    ...change,
  },
});

export const failedOver = (change: Partial<EventOf<'engine.failed_over'>['data']> = {}): Event => ({
  type: 'engine.failed_over',
  v: newestVersion['engine.failed_over'],
  data: {
    role: 'builder',
    from: 'claude',
    to: 'codex',
    provider: 'down',
    reason: 'the provider of claude is down: it broke',
    until: null,
    ...change,
  },
});
