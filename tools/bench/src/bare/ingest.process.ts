// What ingest is measured against: kafkajs' eachBatch and the driver's insertMany, without Nest, validation, refusals or
// metrics. The same documents, indexes and write concern.
import { Kafka, logLevel } from 'kafkajs';
import mongoose from 'mongoose';
import { conversationIdOf, type Message } from '@wiber/contracts';
import { MESSAGE_INDEXES } from '@wiber/mongo';

const { KAFKA = '', TOPIC = '', GROUP = '', MONGO_URI = '', MONGO_DB = '', MONGO_COLLECTION = '' } = process.env;
const client = await new mongoose.mongo.MongoClient(MONGO_URI, {
  writeConcern: { w: 'majority', journal: true },
}).connect();
const collection = client.db(MONGO_DB).collection(MONGO_COLLECTION);
await collection.createIndexes(MESSAGE_INDEXES);
const kafka = new Kafka({ brokers: KAFKA.split(','), clientId: 'bare', logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: GROUP });
await consumer.connect();
await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 3,
  eachBatch: async ({ batch: { messages, partition } }) => {
    const storedAt = Date.now();
    const documents = messages.map(({ value, offset }) => {
      const message = JSON.parse(value!.toString()) as Message;
      const { fromUser, toUser } = message;
      const conversationId = conversationIdOf(fromUser, toUser);
      return {
        ...message,
        conversationId,
        participants: [fromUser, toUser],
        partition,
        offset: Number(offset),
        storedAt,
      };
    });
    await collection.insertMany(documents, { ordered: false });
  },
});
process.stdin.resume().once('end', () => process.exit(0));
