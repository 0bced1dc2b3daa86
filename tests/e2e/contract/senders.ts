import { type Client, Metadata } from "@grpc/grpc-js";
import { ClientFrame, ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { fromGrpcError } from "../../../lib/errors/grpc-error.js";
import type { BadInputStage } from "../bad-input.js";
import type { ContractMethod, Request } from "./contract.js";

const same = (bytes: Buffer) => bytes;

/** Calls a method with encoded bytes; resolves with the name of the error, or `none`. */
export function callBytes(
  client: Client,
  { path, isStream }: ContractMethod,
  authorization: string,
  bytes: Uint8Array,
): Promise<string> {
  const metadata = new Metadata();
  if (authorization) metadata.set("authorization", authorization);
  return new Promise<string>((resolve) => {
    const done = (failure: unknown) => resolve(failure ? fromGrpcError(failure).code : "none");
    if (!isStream) return client.makeUnaryRequest(path, same, same, Buffer.from(bytes), metadata, done);
    const stream = client.makeBidiStreamRequest(path, same, same, metadata);
    stream
      .on("error", done)
      .on("end", done)
      .on("data", () => {});
    stream.end(Buffer.from(bytes));
  });
}

/** Sends one frame over a socket of either format; resolves with the name of the error, or of the answer. */
export async function sendFrame(
  { mesh }: BadInputStage,
  token: string,
  format: "json" | "proto",
  frame: Request | string | Uint8Array,
): Promise<string> {
  const socket = await mesh.socket(token, format);
  socket.send(format === "json" ? jsonOf(frame) : protoOf(frame));
  const answer = await socket.nextBytes();
  socket.end();
  const text = format === "json" ? JSON.parse(answer.toString()) : undefined;
  const read = text ? ServerFrame.fromJSON(text) : ServerFrame.decode(answer);
  if (read.frame?.$case !== "error") return "none";
  return read.frame.value.problem?.code ?? "no problem in an error";
}

function jsonOf(frame: Request | string | Uint8Array): string | Uint8Array {
  return typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
}

function protoOf(frame: Request | string | Uint8Array): string | Uint8Array {
  if (typeof frame === "string" || frame instanceof Uint8Array) return frame;
  return ClientFrame.encode(ClientFrame.fromJSON(frame)).finish();
}
