import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { PriceList } from '#contracts';
import { packageRoot } from '#runtime';

const PricesFile = z.strictObject({ prices: PriceList });

/** The list prices that come with Studio. */
export const readPrices = async (): Promise<PriceList> => {
  const file = join(packageRoot(), 'data', 'prices.yaml');
  return PricesFile.parse(parse(await readFile(file, 'utf8'))).prices;
};
