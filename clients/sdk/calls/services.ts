import type { DeepPartial } from "../../../gen/json/confab/v1/types.js";
import { callMsMax } from "../limits.js";
import type { Caller, TraceListener } from "./caller.js";
import type { Patience } from "./patience.js";

interface JsonType<Message> {
  fromJSON(json: never): Message;
  toJSON(message: never): unknown;
  fromPartial(partial: never): Message;
}

interface Method {
  readonly name: string;
  readonly requestType: JsonType<unknown>;
  readonly requestStream: boolean;
  readonly responseType: JsonType<unknown>;
  readonly responseStream: boolean;
}

interface Definition {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, Method>>;
}

type MessageOf<Type> = Type extends { fromJSON(json: never): infer Message } ? Message : never;

/** How long a call may take. */
export interface CallOptions {
  /** In ms; for methods that only read it includes further tries. */
  readonly timeoutMs?: number;
  /** Do not try again, whatever it is. */
  readonly once?: boolean;
  /** Has the call traced, whatever share of calls the server traces; is told the trace's id with each answer. */
  readonly trace?: TraceListener | undefined;
}

/** The unary methods of a service; fields that are left out are empty, failures are `ConfabError`s. */
export type Service<Service extends Definition> = {
  readonly [Name in keyof Service["methods"] as Service["methods"][Name] extends {
    requestStream: false;
    responseStream: false;
  }
    ? Name
    : never]: (
    request?: DeepPartial<MessageOf<Service["methods"][Name]["requestType"]>>,
    options?: CallOptions,
  ) => Promise<MessageOf<Service["methods"][Name]["responseType"]>>;
};

/** Methods that change nothing, so that they can be repeated whatever became of the try before. */
const reading = /^(get|list|whoAmI$|connect$)/;

/** Makes the methods of services. */
export class ServiceFactory {
  constructor(
    private readonly caller: Caller,
    private readonly patience: Patience,
    private readonly timeoutMs: number,
  ) {}

  /** Methods that only read are tried again until their time is up; others are called once. */
  create<Of extends Definition>(definition: Of): Service<Of> {
    const unary = Object.entries(definition.methods).filter(
      ([, { requestStream, responseStream }]) => !requestStream && !responseStream,
    );
    const methods = unary.map(([name, method]) => [name, this.#method(definition, name, method)]);
    return Object.fromEntries(methods);
  }

  #method({ fullName }: Definition, name: string, { name: rpc, requestType, responseType }: Method) {
    return async (request = {}, { timeoutMs, once: isOnce, trace }: CallOptions = {}): Promise<unknown> => {
      // What each type makes of the other's values is checked where the method is called.
      const json = requestType.toJSON(requestType.fromPartial(request as never) as never);
      const once = async (ms: number) => {
        const answer = await this.caller.call(`/${fullName}/${rpc}`, json, ms, trace);
        return responseType.fromJSON(answer as never);
      };
      if (isOnce || !reading.test(name)) return once(timeoutMs ?? callMsMax);
      return this.patience.call(once, timeoutMs ?? this.timeoutMs);
    };
  }
}
