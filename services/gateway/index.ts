export { openApiDocument } from './openapi.ts';
export { type Gateway, type GatewayOptions, startGateway } from './start-gateway.ts';
