import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { PriceList } from '#contracts';
import { packageRoot } from '#runtime';

const PricesFile = z.strictObject({ prices: PriceList });

export const readPricesFile = async (): Promise<PriceList> => {
  const text = await readFile(join(packageRoot(), 'data', 'prices.yaml'), 'utf8');
  return PricesFile.parse(parse(text)).prices;
};
