export { dayIn, nextDayIn } from './days.ts';
export { createPricing, type Pricing } from './pricing.ts';
export { readPrices } from './read-prices.ts';
