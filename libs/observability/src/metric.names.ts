/** Every metric of Wiber, Prometheus naming: base units, _total for counters. */
export const METRIC = {
  accepted: 'wiber_messages_accepted_total',
  refused: 'wiber_requests_refused_total',
  laneDepth: 'wiber_produce_lane_depth',
  stored: 'wiber_messages_stored_total',
  alreadyStored: 'wiber_messages_already_stored_total',
  rejected: 'wiber_records_rejected_total',
  consumerCrashes: 'wiber_consumer_crashes_total',
  consumerJoined: 'wiber_consumer_joined',
  batchSize: 'wiber_ingest_batch_records',
} as const;
