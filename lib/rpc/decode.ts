import { BinaryReader } from "@bufbuild/protobuf/wire";
import { ConfabError } from "../errors/errors.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes a request. Strings that are not UTF-8 are refused (the generated code alone would replace them by
 * U+FFFD), and so are integers that a number cannot hold.
 *
 * @throws ConfabError `invalid_argument`
 */
export function decodeRequest<Request>(deserialize: (bytes: Buffer) => Request, bytes: Uint8Array): Request {
  const reader = new BinaryReader(bytes, (text) => utf8.decode(text));
  try {
    // Generated decoders take a reader wherever they take bytes; the type of a method's definition hides it.
    const request = deserialize(reader as unknown as Buffer);
    // They stop, and say nothing, at a tag that no field can have.
    if (reader.pos !== reader.len) throw new Error("there is more behind the end");
    return request;
  } catch (error) {
    const tooLarge = error instanceof Error && error.message.includes("MAX_SAFE_INTEGER");
    const wording = tooLarge ? "an integer is over 2^53 - 1" : "the request is not a valid encoding";
    throw new ConfabError("invalid_argument", "", wording);
  }
}
