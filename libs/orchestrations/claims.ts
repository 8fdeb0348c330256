/** Who owns an idempotency key: the orchestration that was, or will be, stored for it. */
export interface Claim {
  readonly id: string;
  /** SHA-256, hex, of the payload that came with the key. */
  readonly payload: string;
}

/** Idempotency keys. A key is claimed before its goal is stored, and for good. */
export interface Claims {
  /** Claims the key, or tells who has it. */
  claim(key: string, claim: Claim): Promise<Claim>;
  isClaimed(key: string): Promise<boolean>;
}

export const createMemoryClaims = (): Claims => {
  const claims = new Map<string, Claim>();
  return {
    claim: async (key, claim) => {
      const known = claims.get(key) ?? claim;
      claims.set(key, known);
      return known;
    },
    isClaimed: async (key) => claims.has(key),
  };
};
