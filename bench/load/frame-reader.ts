const finBit = 0x80;
const maskBit = 0x80;
const opcodeBits = 0x0f;
const length16 = 126;
const length64 = 127;

export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Takes one frame: its payload lies in `bytes` from `from` up to, not including, `to`, during the call. */
export type TakeFrame = (opcode: number, bytes: Buffer, from: number, to: number) => void;

/** Cuts what a WebSocket server sends (RFC 6455) into frames, in place; only a beginning is copied. */
export class FrameReader {
  #rest: Buffer | undefined;

  constructor(private readonly take: TakeFrame) {}

  /** @throws Error if a frame is masked or split, which none of the servers does here. */
  push(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    let at = 0;
    while (at < bytes.length) {
      const payload = payloadOf(bytes, at);
      if (!payload || payload.to > bytes.length) {
        this.#rest = Buffer.from(bytes.subarray(at));
        return;
      }
      this.take(bytes[at]! & opcodeBits, bytes, payload.from, payload.to);
      at = payload.to;
    }
  }
}

function payloadOf(bytes: Buffer, at: number): { from: number; to: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  if (!(bytes[at]! & finBit) || bytes[at + 1]! & maskBit) throw new Error("a frame is split or masked");
  const length = bytes[at + 1]!;
  if (length < length16) return { from: at + 2, to: at + 2 + length };
  const header = length === length64 ? 10 : 4;
  if (bytes.length < at + header) return undefined;
  const long = length === length64 ? Number(bytes.readBigUInt64BE(at + 2)) : bytes.readUInt16BE(at + 2);
  return { from: at + header, to: at + header + long };
}

/** A client's frame, masked by zeros. The payload has at most 65,535 bytes. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length > 0xffff) throw new Error(`a frame of ${length} bytes is too long`);
  const short = length < length16;
  const header = Buffer.alloc(short ? 6 : 8);
  header[0] = finBit | opcode;
  header[1] = maskBit | (short ? length : length16);
  if (!short) header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}
