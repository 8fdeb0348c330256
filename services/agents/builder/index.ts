export type { BuilderEquipment } from './build.ts';
export { createBuilder } from './builder.ts';
