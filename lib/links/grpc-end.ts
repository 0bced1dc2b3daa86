import type { Clock, Timer } from "../clock/clock.js";
import type { Log } from "../log/log.js";
import type { FrameCodec } from "./frame-codec.js";
import type { Link, LinkEnd } from "./links.js";
import { SendQueue } from "./send-queue.js";

/** One side of a gRPC stream. */
export interface Wire {
  /** Hands over an encoded message; `taken` is called when the connection has taken it. */
  write(message: Buffer, taken: () => void): void;
  /** Ends the stream in order, after what was written. */
  end(reason: string): void;
  /** Ends it at once, as far as this side can. */
  abort(reason: string): void;
}

/** What an end needs besides its stream. */
export interface EndParts<Out, In> {
  /** For the log. */
  readonly peer: { readonly stream: string; readonly address: string };
  readonly out: FrameCodec<Out>;
  readonly in: FrameCodec<In>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: {
    readonly messageBytesMax: number;
    readonly waitingBytesMax: number;
    readonly graceMs: number;
  };
}

/** One end of a link over gRPC: frames on one side, messages on the other. */
export class GrpcEnd<Out, In> implements Link<Out> {
  readonly #queue: SendQueue;
  #end: LinkEnd<In> | undefined;
  /** Why it closed. */
  #closed: string | undefined;
  #grace: Timer | undefined;
  #isOver = false;

  constructor(
    private readonly wire: Wire,
    private readonly parts: EndParts<Out, In>,
  ) {
    this.#queue = new SendQueue((message, taken) => {
      wire.write(Buffer.from(message.buffer, message.byteOffset, message.byteLength), taken);
    });
  }

  /** Names who receives. */
  attach(end: LinkEnd<In>): void {
    this.#end = end;
    if (this.#closed !== undefined) this.#tell(this.#closed);
  }

  send(frame: Out): void {
    if (this.#closed !== undefined) return;
    const { limits, out } = this.parts;
    const waiting = this.#queue.bytes;
    // What one turn brings may be large; that it is still there when more comes is the sign of a slow peer.
    if (waiting > limits.waitingBytesMax)
      return this.#fail(`the peer does not keep up: ${waiting} bytes wait`);
    try {
      for (const message of out.encode(frame, limits.messageBytesMax)) this.#queue.push(message);
    } catch (error) {
      this.#fail("a frame could not be sent", error);
    }
  }

  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#close(reason);
    this.#queue.whenDrained(() => this.wire.end(reason));
    this.#grace = this.parts.clock.after(this.parts.limits.graceMs, () => this.#abort(reason));
  }

  /** A message came. */
  arrived(message: Uint8Array): void {
    if (this.#closed !== undefined) return;
    let frame: In;
    try {
      frame = this.parts.in.decode(message);
    } catch (error) {
      return this.#fail("a frame could not be read", error);
    }
    try {
      this.#end?.received(frame);
    } catch (error) {
      this.#fail("a frame could not be handled", error);
    }
  }

  /** Nothing of the stream is left. */
  over(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#grace?.cancel();
    this.#queue.drop();
    this.#close(reason);
  }

  /** Ends it at once, and says so in the log. */
  #fail(reason: string, error?: unknown): void {
    this.parts.log.error({ ...this.parts.peer, err: error }, `a link was closed: ${reason}`);
    this.#close(reason);
    this.#abort(reason);
  }

  #abort(reason: string): void {
    if (this.#isOver) return;
    this.#queue.drop();
    this.wire.abort(reason);
  }

  #close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    if (this.#end) this.#tell(reason);
  }

  /** Later, so that nobody is called back from within a call of their own. */
  #tell(reason: string): void {
    this.parts.clock.endOfTurn(() => {
      try {
        this.#end?.closed(reason);
      } catch (error) {
        this.parts.log.error({ ...this.parts.peer, err: error }, "the end of a link could not be handled");
      }
    });
  }
}
