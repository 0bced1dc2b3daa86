import type { ChannelOptions } from "@grpc/grpc-js";
import * as limits from "./limits.js";

/** What tests set to see in milliseconds what otherwise takes seconds or mebibytes. */
export interface LinkLimits {
  readonly messageBytesMax: number;
  readonly waitingBytesMax: number;
  readonly acceptMs: number;
  readonly graceMs: number;
  readonly keepaliveAfterMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly idleMs: number;
}

/** The limits of links in use. */
export const usualLimits: LinkLimits = {
  messageBytesMax: limits.meshMessageBytesMax,
  waitingBytesMax: limits.linkWaitingBytesMax,
  acceptMs: limits.linkAcceptMsMax,
  graceMs: limits.meshCloseGraceMs,
  keepaliveAfterMs: limits.meshKeepaliveAfterMs,
  keepaliveTimeoutMs: limits.meshKeepaliveTimeoutMs,
  idleMs: limits.meshIdleMsMax,
};

/** Options that both ends of a connection share. */
export function sharedOptions(of: LinkLimits): ChannelOptions {
  return {
    "grpc.max_receive_message_length": of.messageBytesMax,
    "grpc.max_send_message_length": of.messageBytesMax,
    "grpc.keepalive_time_ms": of.keepaliveAfterMs,
    "grpc.keepalive_timeout_ms": of.keepaliveTimeoutMs,
    // Nobody reads the numbers that it counts for every message.
    "grpc.enable_channelz": 0,
  };
}

/** Options of those who connect. */
export function clientOptions(of: LinkLimits): ChannelOptions {
  return {
    ...sharedOptions(of),
    // A connection between two uses must not be found dead by the next one.
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.initial_reconnect_backoff_ms": limits.meshReconnectMsMin,
    "grpc.max_reconnect_backoff_ms": limits.meshReconnectMsMax,
    // A peer that came back under its name may have another address.
    "grpc.dns_min_time_between_resolutions_ms": limits.meshReconnectMsMax,
    // Each client has its own connection, which ends with it.
    "grpc.use_local_subchannel_pool": 1,
    // Those who call try again themselves. Without its buffer for retries, a message that the library has
    // taken is one that the connection has taken.
    "grpc.enable_retries": 0,
    "grpc.per_rpc_retry_buffer_size": 0,
    "grpc.service_config_disable_resolution": 1,
    // Peers are reached directly, whatever the environment says of proxies.
    "grpc.enable_http_proxy": 0,
    "grpc-node.flow_control_window": limits.meshWindowBytes,
  };
}
