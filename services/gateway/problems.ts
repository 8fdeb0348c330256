import { hasZodFastifySchemaValidationErrors } from '@fastify/type-provider-zod';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput, NotFound, type Problem, StudioError } from '#contracts';
import { KeyConflict, RequestRefused } from './errors.ts';

/** Where the codes are explained. */
const REFERENCE = 'docs/reference/errors.md';
/** Seconds until a caller may ask again what was away. */
const RETRY_AFTER = 2;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  414: 'URL too long',
  415: 'Unsupported media type',
  422: 'Not acceptable as it is',
  500: 'Internal error',
  503: 'Not available now',
};

const statusOf = (error: StudioError): number => {
  if (error instanceof RequestRefused) return error.status;
  if (error instanceof NotFound) return 404;
  if (error instanceof KeyConflict) return 409;
  switch (error.remedy) {
    case 'change':
      return 422;
    case 'reload':
      return 409;
    case 'retry':
      return 503;
    case 'none':
      return 500;
  }
};

const fromFastify = (error: FastifyError): StudioError | null => {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestRefused('too_large', 413, 'the body is larger than 1 MiB; put long texts into files');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RequestRefused('media_type', 415, 'the body must be JSON: send content-type application/json');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new RequestRefused('malformed_json', 400, `the body is not JSON: ${error.message}`);
    default:
      // What else fastify refuses (a URL or a length that is none) is the request's fault when it says so.
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new RequestRefused('refused', error.statusCode, error.message)
        : null;
  }
};

const invalidPart = (error: FastifyError): StudioError | null => {
  if (!hasZodFastifySchemaValidationErrors(error)) return null;
  const problems = error.validation.map(({ instancePath, message }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    return path ? `${path}: ${message}` : `${message}`;
  });
  return error.validationContext === 'body'
    ? new InvalidInput('the body', problems)
    : new RequestRefused('invalid_request', 400, `${error.validationContext}: ${problems.join('; ')}`, { problems });
};

const studioErrorOf = (error: FastifyError): StudioError | null =>
  error instanceof StudioError ? error : (invalidPart(error) ?? fromFastify(error));

const problemsIn = ({ details }: StudioError): readonly string[] =>
  Array.isArray(details.problems) ? details.problems.map(String) : [];

const problemOf = (error: StudioError): Problem => {
  const status = statusOf(error);
  const problems = problemsIn(error);
  return {
    type: `${REFERENCE}#${error.code}`,
    title: TITLES[status] ?? 'Refused',
    status,
    code: error.code,
    detail: error.message,
    remedy: error.remedy,
    ...(problems.length > 0 ? { problems: [...problems] } : {}),
  };
};

/** Nothing of a bug is told to the outside but where to find it. */
const unexpected = (request: FastifyRequest): Problem => ({
  type: `${REFERENCE}#unexpected`,
  title: 'Internal error',
  status: 500,
  code: 'unexpected',
  detail: `something went wrong; the log of the gateway has it under reqId ${request.id}`,
  remedy: 'none',
});

/** Every error of every route ends here (RFC 9457). */
export const sendProblem = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const known = studioErrorOf(error);
  const problem = known ? problemOf(known) : unexpected(request);
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type('application/problem+json').send(problem);
};
