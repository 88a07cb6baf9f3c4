import { ProblemError } from '@wiber/contracts';

// Made once: an error costs its stack, and these are answered when there is least time.
export const TOO_MANY_CONNECTIONS = new ProblemError('server_busy', 'too many connections are open; try again later');
export const TOO_MANY_REQUESTS = new ProblemError('server_busy', 'too many requests are in hand; try again later');
export const SHUTTING_DOWN = new ProblemError('shutting_down', 'this instance stops; send the request again');
