import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import { ProblemDto } from '@wiber/contracts';
import { OPERATOR } from './api.document.ts';

/** The answers that every operator call has. */
export const ApiOperator = (invalid = 'invalid_request with a line for each field, or malformed_json') =>
  applyDecorators(
    ApiBearerAuth(OPERATOR),
    ApiResponse({ status: 400, type: ProblemDto, description: invalid }),
    ApiResponse({
      status: 401,
      type: ProblemDto,
      description: 'unauthorized: the token is missing or wrong',
      headers: {
        'WWW-Authenticate': {
          description: 'RFC 6750, section 3.',
          schema: { type: 'string' },
          example: 'Bearer error="invalid_token"',
        },
      },
    }),
    ApiResponse({
      status: 403,
      type: ProblemDto,
      description: 'operator_closed: the gateway was started without OPERATOR_TOKEN',
    }),
  );
