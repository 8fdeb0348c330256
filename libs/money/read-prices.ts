import * as z from 'zod';
import { PriceList } from '#contracts';
import { readBuiltIn } from '#runtime';

const PricesFile = z.strictObject({ prices: PriceList });

/** The list prices that come with Studio. */
export const readPrices = async (): Promise<PriceList> => PricesFile.parse(await readBuiltIn('prices')).prices;
