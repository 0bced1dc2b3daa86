import { InterceptingCall, type Interceptor } from "@grpc/grpc-js";
import { noop } from "cockatiel";
import { Etcd3 } from "etcd3";
import { ConfabError } from "../../errors/errors.js";
import { failureOf, isFinal, wasNeverSent } from "./failures.js";
import { callMsMax, type EtcdTarget, pingMs, reconnectMs } from "./options.js";

/** A member of etcd and the client that speaks with it alone. */
interface Endpoint {
  readonly url: string;
  readonly client: Etcd3;
}

/**
 * The members of etcd, one of them in use until it fails; then it is the next one's turn. The client's own
 * choice is a member at random for every call, so that with one of three down every third call would fail.
 */
export class Endpoints {
  readonly #all: readonly Endpoint[];
  #current: number;
  #closed = false;

  /** @param random a number from 0 to below 1, which spreads the processes over the members */
  constructor(target: EtcdTarget, random: () => number) {
    this.#all = target.endpoints.map((url) => ({ url, client: connect(url, target) }));
    this.#current = Math.floor(random() * this.#all.length);
  }

  /** The one in use; throws `unavailable` once closed. */
  get current(): Endpoint {
    if (this.#closed) throw new ConfabError("unavailable", "", "the coordinator was closed");
    return this.#all[this.#current]!;
  }

  /** What may be done twice: each member is tried once. */
  async repeatable<Result>(act: (client: Etcd3) => Promise<Result>): Promise<Result> {
    return this.#attempt(act, () => true);
  }

  /** What may not be done twice: another member is tried only if nothing was sent. */
  async once<Result>(act: (client: Etcd3) => Promise<Result>): Promise<Result> {
    return this.#attempt(act, wasNeverSent);
  }

  /** Turns away from a member, if it is still the one in use. */
  failed(endpoint: Endpoint): void {
    if (this.#all[this.#current] === endpoint) this.#current = (this.#current + 1) % this.#all.length;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { client } of this.#all) client.close();
  }

  async #attempt<Result>(
    act: (client: Etcd3) => Promise<Result>,
    mayTryAnother: (error: unknown) => boolean,
  ): Promise<Result> {
    for (let left = this.#all.length; ; left--) {
      const endpoint = this.current;
      try {
        return await act(endpoint.client);
      } catch (error) {
        if (isFinal(error)) throw failureOf(error);
        this.failed(endpoint);
        if (left === 1 || !mayTryAnother(error) || this.#closed) throw failureOf(error);
      }
    }
  }
}

/** Has a member that knows no leader refuse at once, and end its watches, rather than wait for one. */
const requireLeader: Interceptor = (options, next) =>
  new InterceptingCall(next(options), {
    start: (metadata, listener, start) => {
      metadata.set("hasleader", "true");
      start(metadata, listener);
    },
  });

/**
 * The client's retries, circuit breaker and back-off are off: a retry of a transaction whose answer was lost
 * would report that it did not commit, and an open circuit refuses calls after etcd is back.
 */
function connect(url: string, { tls, user }: EtcdTarget): Etcd3 {
  return new Etcd3({
    hosts: url,
    faultHandling: { host: () => noop, global: noop },
    defaultCallOptions: ({ isStream }) => ({
      interceptors: [requireLeader],
      ...(!isStream && { deadline: Date.now() + callMsMax }),
    }),
    grpcOptions: {
      "grpc.initial_reconnect_backoff_ms": reconnectMs.min,
      "grpc.max_reconnect_backoff_ms": reconnectMs.max,
      "grpc.max_receive_message_length": -1,
      "grpc.keepalive_time_ms": pingMs.every,
      "grpc.keepalive_timeout_ms": pingMs.answerMax,
      // A client that is made anew after a failure must not be given the connection that failed.
      "grpc.use_local_subchannel_pool": 1,
    },
    ...(tls && {
      credentials: {
        rootCertificate: tls.ca,
        ...(tls.key && { privateKey: tls.key }),
        ...(tls.certificate && { certChain: tls.certificate }),
      },
    }),
    ...(user && { auth: { username: user.name, password: user.password } }),
  });
}
