import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_SCHEME,
} from "@opentelemetry/semantic-conventions";
import {
  ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_DESTINATION_TEMPLATE,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM_NAME,
  MESSAGING_OPERATION_TYPE_VALUE_PROCESS,
  MESSAGING_OPERATION_TYPE_VALUE_SEND,
  RPC_SYSTEM_NAME_VALUE_GRPC,
} from "@opentelemetry/semantic-conventions/incubating";
import { parseAddress } from "../config/values.js";
import { type ErrorCode, errorTable } from "../errors/errors.js";
import type { Attributes, NamedSpan } from "./tracing.js";

/** How a request over HTTP begins; its route is known later. */
export function httpRequest(method: string, scheme: string): Attributes {
  return { [ATTR_HTTP_REQUEST_METHOD]: method, [ATTR_URL_SCHEME]: scheme };
}

/** How it ends. */
export function httpResponse(route: string, status: number): Attributes {
  return { [ATTR_HTTP_ROUTE]: route, [ATTR_HTTP_RESPONSE_STATUS_CODE]: status };
}

/**
 * A call over gRPC, named by its method.
 *
 * @param path for instance `/confab.v1.Messaging/PostMessage`
 * @param address of whom it is made to, where it is made
 */
export function rpcCall(path: string, address?: string): NamedSpan {
  const method = path.slice(1);
  const server = address === undefined ? undefined : parseAddress(address);
  return {
    name: method,
    attributes: {
      [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
      [ATTR_RPC_METHOD]: method,
      ...(server && { [ATTR_SERVER_ADDRESS]: server.host, [ATTR_SERVER_PORT]: server.port }),
    },
  };
}

/** How a call over gRPC ended: the status to which the error belongs, by the name that gRPC has for it. */
export function rpcOutcome(error: ErrorCode | undefined): Attributes {
  return { [ATTR_RPC_STATUS_CODE]: error === undefined ? "OK" : errorTable[error].grpc };
}

/** What commands are about and events are of: each channel is a destination of its own. */
type Destination = "channel" | "gateways" | "clients";

/** Something is sent on its way. */
export function sending(destination: Destination, channel: string): NamedSpan {
  return messaging("send", MESSAGING_OPERATION_TYPE_VALUE_SEND, destination, channel);
}

/** Something that was sent is worked on. */
export function processing(
  operation: "process" | "deliver",
  destination: Destination,
  channel: string,
): NamedSpan {
  return messaging(operation, MESSAGING_OPERATION_TYPE_VALUE_PROCESS, destination, channel);
}

/** Names the message that an event is about. */
export function messageId(id: number): Attributes {
  return { [ATTR_MESSAGING_MESSAGE_ID]: String(id) };
}

/** How many peers it was sent to. */
export function sentTo(peers: number): Attributes {
  return { [ATTR_MESSAGING_BATCH_MESSAGE_COUNT]: peers };
}

/** An operation of a store on one of its tables. */
export function storeOperation(system: string, operation: string, table: string): NamedSpan {
  return {
    name: `${operation} ${table}`,
    attributes: {
      [ATTR_DB_SYSTEM_NAME]: system,
      [ATTR_DB_OPERATION_NAME]: operation,
      [ATTR_DB_COLLECTION_NAME]: table,
    },
  };
}

function messaging(operation: string, type: string, template: Destination, channel: string): NamedSpan {
  return {
    name: `${operation} ${template}`,
    attributes: {
      [ATTR_MESSAGING_SYSTEM_NAME]: "confab",
      [ATTR_MESSAGING_OPERATION_NAME]: operation,
      [ATTR_MESSAGING_OPERATION_TYPE]: type,
      [ATTR_MESSAGING_DESTINATION_TEMPLATE]: template,
      [ATTR_MESSAGING_DESTINATION_NAME]: channel,
    },
  };
}
