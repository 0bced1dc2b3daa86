import type { MethodDefinition } from "@grpc/grpc-js";
import { AttachmentService } from "../../gen/confab/mesh/v1/attach.js";
import { LogService } from "../../gen/confab/mesh/v1/log.js";
import { MembershipService } from "../../gen/confab/mesh/v1/ring.js";
import { WriteService } from "../../gen/confab/mesh/v1/write.js";
import type { CallName, Calls, StreamName } from "./links.js";

/** A method of which the library sees bytes only: who decodes also says what happens if that fails. */
export type BytesMethod = MethodDefinition<Buffer, Buffer>;

/** The methods that are streams. */
export const streamMethods: { readonly [Name in StreamName]: BytesMethod } = {
  commands: passBytes(WriteService.commands),
  attach: passBytes(AttachmentService.attach),
  beat: passBytes(MembershipService.beat),
};

/** The methods that are calls, with how to encode and decode them. */
export const callMethods: {
  readonly [Name in CallName]: MethodDefinition<Calls[Name]["request"], Calls[Name]["response"]>;
} = { readEvents: LogService.readEvents, ask: LogService.ask };

/** A method as the library shall see it. */
export function passBytes(
  method: Pick<BytesMethod, "path" | "requestStream" | "responseStream">,
): BytesMethod {
  const same = (bytes: Buffer) => bytes;
  const { path, requestStream, responseStream } = method;
  return {
    ...{ path, requestStream, responseStream },
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

/** The name of the service that a method is of. */
export function serviceOf({ path }: BytesMethod): string {
  return path.split("/")[1] ?? "";
}
