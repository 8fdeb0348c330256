import { StudioError } from '#contracts';

/** Another writer moved the stream first. */
export class AppendConflict extends StudioError {
  readonly code = 'log.append_conflict';
  readonly remedy = 'reload';
  readonly actual: number;
  constructor(stream: string, expected: number, actual: number) {
    super(`stream ${stream} is at version ${actual}, the append expected ${expected}`, { stream, expected, actual });
    this.actual = actual;
  }
}

/** The stream is shorter than what was read from it, or has another history: the server lost writes. */
export class LogWentBack extends StudioError {
  readonly code = 'log.went_back';
  readonly remedy = 'reload';
}

/** An event is larger than the log takes, even with its large fields kept as blobs. */
export class EventTooLarge extends StudioError {
  readonly code = 'log.event_too_large';
  readonly remedy = 'change';
}

/** Stored bytes fit no known schema. Trying again cannot help. */
export class MalformedEvent extends StudioError {
  readonly code = 'log.malformed_event';
  readonly remedy = 'none';
}

/** The event was written by a newer Studio. A newer process can read it; this one leaves it alone. */
export class NewerEvent extends StudioError {
  readonly code = 'log.newer_event';
  readonly remedy = 'none';
}

/** The server's memory is nearly used up: nothing new is taken in, what runs goes on. */
export class SystemFull extends StudioError {
  readonly code = 'system.full';
  readonly remedy = 'retry';
}

/** The events of a run were moved to a file, and this process cannot read it. The run itself is not lost. */
export class ArchiveUnreadable extends StudioError {
  readonly code = 'log.archive_unreadable';
  readonly remedy = 'retry';
}
