/** What is wrong with one document. */
export interface Finding {
  /** Names the rule, as the specs and the command print it. */
  code: FindingCode;
  /** The document, such as Deployment/gateway. */
  where: string;
  /** What is wrong, and what it should be. */
  message: string;
}

export const FINDING_CODES = {
  kind_unknown: 'no schema has this API version and kind',
  schema_violation: 'the document breaks the schema of its kind',
  namespace_wrong: 'an object is outside the namespace of its overlay',
  variable_unknown: 'a variable that its app does not read',
  variable_missing: 'a variable whose default is right on a laptop only',
  variable_value: 'a value that the app refuses',
  port_mismatch: 'a port that nobody listens on',
  probe_missing: 'a container without one of its probes',
  probe_path: 'a probe that asks a path which the app does not have',
  probe_wrong: 'a probe that asks the wrong question, or gives up too soon',
  command_changed: 'an app that is started in another way than its image says',
  image_tag: 'an image without a fixed tag, or with another version than package.json',
  selector_drift: 'a selector that finds nothing',
  partitions_exceeded: 'more ingest pods than partitions',
  heap_over_limit: 'a heap and buffers that do not fit into the limit of memory',
  limit_missing: 'a container without a request or limit of memory, or without what its autoscaler measures',
  grace_too_short: 'a grace that is not longer than preStop, drain and stop',
  prestop_missing: 'a pod that stops before its clients know',
  token_mounted: 'a token of the API server in a pod that never asks it',
  service_links: 'variables of services, which look like settings',
  not_restricted: 'a pod that the restricted pod security standard refuses',
  root_writable: 'a container with a root folder that can be written',
  rollout_unsafe: 'a rollout that takes too many pods at once',
  spread_missing: 'pods that may all be on one node',
  spread_blocked: 'pods that wait for a node which takes none',
  budget_wrong: 'a disruption budget that is missing or blocks every drain',
  replicas_twice: 'a number of replicas, or a second autoscaler, beside an autoscaler',
  paused: 'an object that its controller leaves alone',
  scaler_version: 'a scaler without a version of the protocol that Kafka 4 takes',
  scaler_offsets: 'a scaler that takes a partition without an offset for one without lag',
  scaler_restless: 'a scaler that changes the group too often',
  scaler_fallback: 'a scaler that takes pods away while it cannot ask',
  scaler_floor: 'an autoscaler that may leave one pod alone',
  secret_in_manifest: 'a secret in the manifests',
  login_wrong: 'an app that logs in as somebody else, or in another way than its server asks',
  reference_missing:
    'what a document names and nobody makes: a Secret, its key or file, an account, a server, a user, a listener',
  secret_not_renewed: 'a mounted file that a change of its Secret does not reach',
  topic_unsafe: 'a topic that loses messages',
  server_unsafe: 'servers that lose messages when one is away, or that let in whoever connects',
  access_missing: 'a user of Kafka or MongoDB that may not do what its app does',
  access_too_wide: 'a user of Kafka or MongoDB that may do more than its app does',
  exposed: 'what is for the inside of the cluster and can be called from outside',
  edge_refused: 'a connection that an app needs and the network policies refuse',
  edge_open: 'a connection that nobody needs and the network policies allow',
} as const;

export type FindingCode = keyof typeof FINDING_CODES;
