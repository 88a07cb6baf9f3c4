export { askAdmin } from './admin.question.ts';
export { AppProcess, PORT_VARIABLE, type AppName } from './app.process.ts';
export { eventually } from './eventually.ts';
export { FaultyMongo, type CommandFault } from './faulty.mongo.ts';
export { appendRaw, createTopic, freshSystem, testServers, type RawRecord, type TopicPlan } from './fresh.names.ts';
export { GroupAdmin, type GroupMember } from './group.admin.ts';
export { ReplicaSet } from './replica.set.ts';
export {
  OwnServers,
  OwnSystem,
  StackRefusal,
  type LinkEvent,
  type RunFile,
  type ServerCounts,
  type StackOptions,
  type SystemCounts,
} from './own.servers.ts';
export { readDeadLetters, readTopic, type DeadLetterRecord, type TopicRecord } from './topic.reader.ts';
