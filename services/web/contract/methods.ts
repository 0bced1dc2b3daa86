import type { DescMessage } from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { MessagingService } from "../../../gen/confab/v1/messaging.js";
import { PresenceService } from "../../../gen/confab/v1/presence.js";
import { RealtimeService } from "../../../gen/confab/v1/realtime.js";
import { DirectoryDefinition } from "../../../gen/json/confab/v1/directory.js";
import { MessagingDefinition } from "../../../gen/json/confab/v1/messaging.js";
import { PresenceDefinition } from "../../../gen/json/confab/v1/presence.js";
import { RealtimeDefinition } from "../../../gen/json/confab/v1/realtime.js";
import { loadRegistry } from "../../../lib/rpc/reflection.js";
import { readMessage } from "./read-json.js";

/** A method of the contract, between JSON and its encoding. */
export interface ContractMethod {
  /** For instance `/confab.v1.Messaging/PostMessage`. */
  readonly path: string;
  readonly isStream: boolean;
  /** The encoded request. @throws ConfabError naming the field that is wrong */
  encode(json: unknown): Uint8Array;
  /** The answer as JSON, 64-bit integers as numbers. */
  decode(response: Uint8Array): unknown;
}

interface JsonType {
  fromJSON(json: unknown): unknown;
  toJSON(message: never): unknown;
}

interface JsonService {
  readonly fullName: string;
  readonly methods: Readonly<
    Record<string, { readonly requestType: JsonType; readonly responseType: JsonType }>
  >;
}

const services: readonly [JsonService, ServiceDefinition][] = [
  [MessagingDefinition, MessagingService],
  [DirectoryDefinition, DirectoryService],
  [RealtimeDefinition, RealtimeService],
  [PresenceDefinition, PresenceService],
];

/** All methods of the public contract, by path. */
export function loadContract(): ReadonlyMap<string, ContractMethod> {
  const registry = loadRegistry();
  const methods = services.flatMap(([json, wire]) => {
    const described = registry.getService(json.fullName);
    return Object.entries(wire).map(([name, method]) => {
      const input = described?.method[name]?.input;
      const types = json.methods[name];
      if (!input || !types) throw new Error(`${method.path} is not in the generated contract`);
      return makeMethod(method, input, types);
    });
  });
  return new Map(methods.map((method) => [method.path, method]));
}

function makeMethod(
  {
    path,
    requestStream,
    responseStream,
    requestSerialize,
    responseDeserialize,
  }: MethodDefinition<unknown, unknown>,
  input: DescMessage,
  { requestType, responseType }: JsonService["methods"][string],
): ContractMethod {
  return {
    path,
    isStream: requestStream || responseStream,
    encode: (json) => requestSerialize(requestType.fromJSON(readMessage(input, json))),
    // Both sides are generated from one definition; only here their types cannot be told apart.
    decode: (response) => responseType.toJSON(responseDeserialize(Buffer.from(response)) as never),
  };
}
