import type { FieldError, Problem, ProblemCode } from '@wiber/contracts';

/** Codes that the page gives where no gateway answered with a problem. */
export type PageCode = 'unreachable' | 'timed_out' | 'unreadable_answer';

interface ProblemFacts {
  code: ProblemCode | PageCode;
  title: string;
  detail: string;
  status?: number;
  correlationId?: string;
  errors?: FieldError[];
  retryAfterS?: number;
}

/** Thrown when a call was refused or got no answer. Everything in it may be shown. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode | PageCode;
  readonly title: string;
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryAfterS: number | undefined;

  constructor(facts: ProblemFacts, options?: { cause?: unknown }) {
    super(facts.detail, options);
    this.code = facts.code;
    this.title = facts.title;
    this.status = facts.status;
    this.correlationId = facts.correlationId;
    this.errors = facts.errors ?? [];
    this.retryAfterS = facts.retryAfterS;
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  typeof body.code === 'string' &&
  'detail' in body &&
  typeof body.detail === 'string';

interface Refusal {
  status: number;
  text: string;
  retryAfter: string | null;
}

/** A refusal as a problem; one that is no problem+json, such as that of a proxy, says its status. */
export function problemOfAnswer({ status, text, retryAfter }: Refusal): ApiProblem {
  const retryAfterS = retryAfter !== null && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const body = parsed(text);
  if (!isProblem(body)) {
    const detail = `The answer has status ${String(status)} and no problem that Wiber describes; a proxy may have given it.`;
    return new ApiProblem({
      code: 'unreadable_answer',
      title: 'The answer is not readable',
      detail,
      status,
      retryAfterS,
    });
  }
  const { code, detail, correlationId, errors } = body;
  return new ApiProblem({ code, title: body.title, detail, status, correlationId, errors, retryAfterS });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
