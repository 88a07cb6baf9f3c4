import type { FastifyReply } from 'fastify';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends an answer that is JSON already, in UTF-8. */
export const sendJson = (reply: FastifyReply, json: Buffer): void =>
  void reply.header('Content-Type', JSON_TYPE).send(json);
