/** Every metric of Wiber, Prometheus naming: base units, _total for counters. */
export const METRIC = {
  httpDuration: 'wiber_http_request_duration_seconds',
  accepted: 'wiber_messages_accepted_total',
  refused: 'wiber_requests_refused_total',
  outcomeUnknown: 'wiber_messages_outcome_unknown_total',
  laneDepth: 'wiber_produce_lane_depth',
  stalledPartitions: 'wiber_produce_partitions_stalled',
  produceBatch: 'wiber_produce_batch_records',
  produceDuration: 'wiber_produce_duration_seconds',
  stored: 'wiber_messages_stored_total',
  alreadyStored: 'wiber_messages_already_stored_total',
  deadLetters: 'wiber_dead_letters_total',
  consumerCrashes: 'wiber_consumer_crashes_total',
  consumerJoined: 'wiber_consumer_joined',
  pausedPartitions: 'wiber_ingest_partitions_paused',
  batchSize: 'wiber_ingest_batch_records',
} as const;
