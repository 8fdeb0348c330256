export { type Known, limitsOn, spendingOf } from './accounts.ts';
export { dayIn } from './days.ts';
export { type Amounts, createLedger, type Ledger } from './ledger.ts';
export { createPricing, type Pricing } from './pricing.ts';
export { createPurse, type Grant, type Purse } from './purse.ts';
export { readPrices } from './read-prices.ts';
