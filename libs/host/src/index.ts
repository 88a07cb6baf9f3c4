export { StartError } from './host.errors.ts';
export {
  brokers,
  choice,
  matching,
  readSettings,
  whole,
  type Setting,
  type Settings,
  type SettingsOf,
} from './settings.reader.ts';
export { hostSettings, kafkaName, type HostSettings } from './host.settings.ts';
export type { AppDefinition } from './app.definition.ts';
export { createApp, healthAdapter, letStream, type AppOptions } from './app.factory.ts';
export { connectionsWithin } from './connections/open.files.ts';
export { AppInstance } from './app.instance.ts';
export { runApp } from './app.runner.ts';
export { askUntilAnswered, type AskPorts } from './kafka.answer.ts';
export { checkDeadLetterTopic, checkTopic, type TopicCheckPorts } from './topic.checker.ts';
export { kafkaLoginRefused } from './security/kafka.login.ts';
export { openStore } from './store.opener.ts';
export { HostModule, KAFKA, kafkaLogOf, type HostConfig, type HostOptions, type Kafka } from './host.module.ts';
export { ingestProgress } from './ingest.progress.ts';
export { GroupMembership } from './dependency.indicators.ts';
export { writeProblem } from './connections/raw.problem.ts';
export { PulseSender, type ReadFigures } from './pulses/pulse.sender.ts';
export { TRACE_SETTINGS, type TraceSettings } from './tracing/trace.settings.ts';
export { TRACING, tracingProvider } from './tracing/tracing.provider.ts';
