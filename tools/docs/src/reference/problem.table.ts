import { PROBLEMS, type ProblemCode } from '@wiber/contracts';
import type { Table } from '../markdown/markdown.table.ts';

/** What a client does about each code. A code without a line here does not compile. */
const WHAT_TO_DO: Readonly<Record<ProblemCode, string>> = {
  invalid_request: 'Correct what `errors` or `detail` names.',
  malformed_json: 'Send one JSON object in UTF-8, with each field once.',
  unauthorized: 'Send `Authorization: Bearer` with the gateway’s `OPERATOR_TOKEN`.',
  operator_closed: 'Start the gateway with `OPERATOR_TOKEN`.',
  not_found: 'Correct the path; `/docs` lists all of them.',
  message_not_found:
    'Nothing: no message with this id is stored. An answer’s `Location` also tells pending from missing.',
  message_pending: 'Ask again after `Retry-After`, or with `Prefer: wait=N`.',
  message_dead_lettered: 'Nothing: an operator sees it in `GET /dead-letters` and may replay it under the same id.',
  position_not_found: 'Take the id, `partition` and `offset` together from `Location`.',
  dead_letter_not_found: 'Take an id from `GET /dead-letters`.',
  stats_pending: 'Start `apps/metrics`, or ask again after `Retry-After` when it has just started.',
  method_not_allowed: 'Take a method of the `Allow` header.',
  request_timeout: 'Send the whole request within `API_REQUEST_TIMEOUT_MS`.',
  idempotency_conflict: 'Take a new key for a new message.',
  conversation_moved_on: 'Replay with `force`, which puts the message at the end, or discard it.',
  replay_conflict: 'Read the dead letter: its first replay counts.',
  dead_letter_replayed: 'Nothing: its message is in the log, or a repeated replay puts it there.',
  dead_letter_discarded: 'Nothing: a discarded dead letter stays so.',
  mended_body_needed: 'Replay with a `body`.',
  lamport_ahead:
    'Send it without `Lamport` and `Causal-Token`, or read at this gateway what you have seen, and send again.',
  causal_token_ahead: 'Leave the `Causal-Token` out, or send one of an answer.',
  body_too_large: 'Send at most 64 KiB.',
  uri_too_long: 'Shorten the path; a username has at most 50 characters.',
  unsupported_media_type: 'Send `Content-Type: application/json`.',
  unsupported_encoding: 'Send the body without `Content-Encoding`.',
  expectation_failed: 'Leave out `Expect`, or send `100-continue`.',
  headers_too_large: 'Send less than 16 KiB of path and headers.',
  message_unreadable: 'Report it: another program changed what is stored. Pages leave such a document out.',
  internal_error: 'Report the `correlationId`: the gateway’s log has the cause.',
  overloaded: 'Repeat after `Retry-After`; nothing of this request was sent.',
  server_busy: 'Repeat after `Retry-After`, on fewer connections; nothing was done.',
  shutting_down: 'Repeat on a new connection, if possible to another instance; nothing was done.',
  log_unavailable: 'Repeat after `Retry-After`; nothing of this request was sent.',
  outcome_unknown: 'Repeat under the same `Idempotency-Key`: the message is stored once.',
  console_not_built: 'Run `npm run build` and start the gateway again, or ask one whose image has the console.',
  streams_busy: 'Ask again after `Retry-After`, ask another gateway, or raise the limit of streams.',
  reads_overloaded:
    'Repeat after `Retry-After`; ask for smaller pages, fewer at once, with a cursor instead of a large `skip`.',
  store_behind: 'Repeat after `Retry-After`, or without `Causal-Token`.',
  store_unavailable: 'Repeat after `Retry-After`.',
};

export const problemTable = (): Table => ({
  columns: ['code', 'status', 'meaning', 'may succeed later', 'what to do'],
  rows: Object.entries(PROBLEMS).map(([code, { status, title, retry }]) => [
    `\`${code}\``,
    String(status),
    title,
    retry ? 'yes' : 'no',
    WHAT_TO_DO[code as ProblemCode],
  ]),
});
