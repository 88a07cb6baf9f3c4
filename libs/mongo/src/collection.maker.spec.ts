import { mongo } from 'mongoose';
import { CollectionMaker, type MakerPorts } from './collection.maker.ts';
import { StoreSetupError } from './connection/mongo.errors.ts';

const settings = { database: 'wiber', collection: 'messages' };
const refusalOf = (code: number, message: string): unknown =>
  new CollectionMaker({ settings } as MakerPorts).refusalOf(new mongo.MongoServerError({ code, message }));

test('a unique index that a sharded collection can not have stops the start with one line that names MONGO_SHARD_KEY', () => {
  // As mongod 6.0 to 8.0 word it.
  const message =
    "cannot create index with 'unique' or 'prepareUnique' option over { messageId: 1 } with shard key pattern { conversationId: 1.0 }";
  const refusal = refusalOf(67, message);
  expect(refusal).toBeInstanceOf(StoreSetupError);
  expect((refusal as Error).message).toMatch(
    /^the indexes of wiber\.messages can't be made: .*; the collection is sharded: shard it by conversationId, and set MONGO_SHARD_KEY=conversationId for every app$/,
  );
});

test('another index that is in the way is named, with what to drop or set', () => {
  expect((refusalOf(86, 'An existing index has the same name') as Error).message).toMatch(
    /; drop what is in the way, or set another MONGO_COLLECTION$/,
  );
});
