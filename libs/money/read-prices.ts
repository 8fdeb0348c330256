import type { PriceList } from '#contracts';

/**
 * The list prices that come with Studio. Read by code that loads on the first call: a command that only looks at a run
 * starts faster without a YAML parser.
 */
export const readPrices = async (): Promise<PriceList> => {
  const { readPricesFile } = await import('./prices-file.ts');
  return readPricesFile();
};
