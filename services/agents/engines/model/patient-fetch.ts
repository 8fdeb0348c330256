/** The provider said nothing for too long: no answer, or one that stopped coming. */
export class Silence extends Error {}

/** Calls `onSilence` unless it is told within `ms`, again and again, that there was something. */
const watch = (ms: number, onSilence: () => void) => {
  const arm = () => setTimeout(onSilence, ms).unref();
  let timer = arm();
  return {
    heard: () => {
      clearTimeout(timer);
      timer = arm();
    },
    stop: () => clearTimeout(timer),
  };
};

/**
 * `fetch` that gives up when not a byte comes for so long, before the answer or in the middle of it. Bytes count, not
 * words: a provider that keeps a connection open while its model thinks is not silent.
 */
export const patientFetch =
  (silenceMs: number): typeof fetch =>
  async (input, init) => {
    const gaveUp = new AbortController();
    const watcher = watch(silenceMs, () => gaveUp.abort(new Silence(`nothing came for ${silenceMs / 1_000} s`)));
    const signal = AbortSignal.any([gaveUp.signal, ...(init?.signal ? [init.signal] : [])]);
    signal.addEventListener('abort', watcher.stop, { once: true });
    const response = await fetch(input, { ...init, signal }).catch((error: unknown) => {
      watcher.stop();
      throw error;
    });
    watcher.heard();
    if (response.body === null) {
      watcher.stop();
      return response;
    }
    const heard = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        watcher.heard();
        controller.enqueue(bytes);
      },
      flush: watcher.stop,
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(heard), { status, statusText, headers });
  };
