// The baseline of the gateway: Fastify, the same lanes to Kafka and the driver's find. It has no Nest, no validation, no
// Idempotency-Key, no logs and no metrics.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import mongoose from 'mongoose';
import { conversationIdOf, type SendMessageDto } from '@wiber/contracts';
import { MESSAGE_PROJECTION, byTime, messageOfRow, ofConversation } from '@wiber/evidence';
import { LogProducer, createKafka } from '@wiber/kafka';

const { KAFKA = '', TOPIC = '', MONGO_URI = '', MONGO_DB = '', MONGO_COLLECTION = '' } = process.env;
const log = () => undefined;
const producer = new LogProducer({
  kafka: createKafka({ brokers: KAFKA.split(','), clientId: 'bare', log }),
  topic: TOPIC,
  log,
});
const client = await new mongoose.mongo.MongoClient(MONGO_URI, { maxPoolSize: 20 }).connect();
const collection = client.db(MONGO_DB).collection(MONGO_COLLECTION);
await producer.connect();

const server = Fastify();
server.post('/messages', async (request, reply) => {
  const { fromUser, toUser, content } = request.body as SendMessageDto;
  const message = { messageId: randomUUID(), fromUser, toUser, content, timestamp: Date.now(), lamport: 0 };
  const value = JSON.stringify(message);
  await producer.send({ key: conversationIdOf(fromUser, toUser), value });
  return reply.status(202).header('content-type', 'application/json; charset=utf-8').send(value);
});
server.get('/messages/:user1/:user2', async (request, reply) => {
  const { user1, user2 } = request.params as { user1: string; user2: string };
  const { limit, order } = request.query as { limit: string; order: string };
  const rows = await collection
    .find(ofConversation(conversationIdOf(user1, user2)))
    .project(MESSAGE_PROJECTION)
    .sort(byTime(order === 'desc' ? -1 : 1))
    .limit(Number(limit))
    .toArray();
  const page = rows.map(messageOfRow);
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(page));
});
process.stdout.write(`${await server.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.stdin.resume().once('end', () => process.exit(0));
