/** Why an answer was refused, or why there was none. Closed: each is a value of a metric's label. */
export const NTP_REFUSALS = {
  no_name: 'the name of the server could not be resolved in time',
  unreachable: 'the network or the machine said that nobody listens there',
  not_sent: 'the question could not be sent: a firewall or a limit of this machine is in the way',
  silence: 'no answer that fits the question came in time',
  flood: 'more packets came than a server sends, so the port was closed',
  length: 'a packet was not 48 bytes long',
  origin: 'a packet did not bring back the random stamp of the question, so it is no answer to it',
  mode: 'the answer was not of a server (mode 4)',
  version: 'the answer was not of version 4, in which the question was',
  kiss_deny: "the server forbids this client to ask (kiss-o'-death DENY); it is not asked again",
  kiss_rstr: "the server forbids this client to ask (kiss-o'-death RSTR); it is not asked again",
  kiss_rate: "the server is asked too often (kiss-o'-death RATE); it is asked half as often from now on",
  kiss_other: 'the server answered without a time (stratum 0)',
  stratum: 'the server is not synchronised (stratum 16 or more)',
  leap: 'the server is not synchronised (leap indicator 3)',
  no_time: 'the answer had no time: a timestamp was zero',
  times: 'the server says it sent the answer before it had the question, or worked on it for longer than we waited',
  distance: 'the server may be more than a second off its own reference clock (root distance)',
} as const;

export type NtpRefusal = keyof typeof NTP_REFUSALS;

export const NTP_REFUSAL_NAMES = Object.keys(NTP_REFUSALS) as readonly NtpRefusal[];

/** A kiss-o'-death after which a client must send nothing more to the server. RFC 5905, section 7.4. */
export const isForbidding = (refusal: NtpRefusal): boolean => refusal === 'kiss_deny' || refusal === 'kiss_rstr';
