export { type MapOfSpecification, mapOfSpecification } from './map-of-specification.ts';
