/**
 * Panels tell processes apart by `exported_instance`, their names as in their logs: Prometheus calls their addresses `instance`. See
 * docs/metrics.md.
 */
/** The window of a rate: Grafana makes it at least four scrapes long. */
export const I = '$__rate_interval';
export const HTTP = 'wiber_http_request_duration_seconds';
/** Calls of users to a gateway, without probes, scrapes and pages for people; as the recording rules have it. */
export const USER_CALLS = 'app="gateway",route!~"/(health|metrics|docs|console).*|/stats/stream|unrouted"';
