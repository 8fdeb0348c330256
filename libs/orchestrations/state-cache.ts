import type { State } from '#domain';

/** Newest known states, least recently used thrown away first. An older state never replaces a newer one. */
export interface StateCache {
  get(id: string): State | undefined;
  put(id: string, state: State): void;
  drop(id: string): void;
}

export const createStateCache = (size: number): StateCache => {
  const states = new Map<string, State>();
  return {
    get(id) {
      const state = states.get(id);
      if (!state) return undefined;
      states.delete(id);
      states.set(id, state);
      return state;
    },
    put(id, state) {
      const known = states.get(id);
      if (state.lifecycle === 'absent' || (known && known.head.version > state.head.version)) return;
      states.delete(id);
      states.set(id, state);
      const oldest = states.size > size ? states.keys().next().value : undefined;
      if (oldest !== undefined) states.delete(oldest);
    },
    drop: (id) => void states.delete(id),
  };
};
