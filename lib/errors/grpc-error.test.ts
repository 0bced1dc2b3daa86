import assert from "node:assert/strict";
import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { ErrorInfo } from "../../gen/google/rpc/error_details.js";
import { Status } from "../../gen/google/rpc/status.js";
import { ConfabError, type ErrorCode, errorTable } from "./errors.js";
import { fromGrpcError, toGrpcStatus } from "./grpc-error.js";

const same = (actual: ConfabError, expected: ConfabError) =>
  assert.deepEqual(
    [actual.code, actual.field, actual.message, actual.retryMs],
    [expected.code, expected.field, expected.message, expected.retryMs],
  );

const bare = (code: status, details: string): StatusObject => ({ code, details, metadata: new Metadata() });

describe("errors over gRPC", () => {
  it("every error of the table comes back as it was", () => {
    for (const code of Object.keys(errorTable)) {
      const error = new ConfabError(code as ErrorCode, "message.text");
      const sent = toGrpcStatus(error);
      assert.equal(sent.code, status[errorTable[error.code].grpc], code);
      same(fromGrpcError(sent), error);
    }
  });

  it("wording, an empty field and times with fractions survive", () => {
    const error = new ConfabError("overloaded", "", "the queue of C123 is full", 1250.5);
    same(fromGrpcError(toGrpcStatus(error)), error);
  });

  it("the details are of the standard types, the code in the ErrorInfo", () => {
    const sent = toGrpcStatus(new ConfabError("overloaded", "channel_id"));
    const [encoded] = sent.metadata.get("grpc-status-details-bin");
    assert.ok(encoded instanceof Buffer);
    const { code, details } = Status.decode(encoded);
    assert.equal(code, status.RESOURCE_EXHAUSTED);
    assert.deepEqual(
      details.map((any) => any.typeUrl.replace("type.googleapis.com/google.rpc.", "")),
      ["ErrorInfo", "BadRequest", "RetryInfo"],
    );
    assert.deepEqual(ErrorInfo.decode(details[0]!.value), {
      reason: "overloaded",
      domain: "confab",
      metadata: {},
    });
  });

  it("an error without field or retry carries neither detail", () => {
    const [encoded] = toGrpcStatus(new ConfabError("no_text")).metadata.get("grpc-status-details-bin");
    assert.ok(encoded instanceof Buffer);
    assert.equal(Status.decode(encoded).details.length, 1);
  });

  it("statuses without details become the nearest error", () => {
    assert.equal(fromGrpcError(bare(status.UNAVAILABLE, "connection refused")).code, "unavailable");
    assert.equal(fromGrpcError(bare(status.DEADLINE_EXCEEDED, "")).code, "deadline_exceeded");
    assert.equal(fromGrpcError(bare(status.DATA_LOSS, "who knows")).code, "internal");
    assert.equal(fromGrpcError(new TypeError("x is not a function")).code, "internal");
  });

  it("details that are garbage, of another domain or of an unknown code are passed over", () => {
    for (const details of [
      Buffer.from([255, 255, 255]),
      statusWith({ reason: "overloaded", domain: "elsewhere", metadata: {} }),
      statusWith({ reason: "of_tomorrow", domain: "confab", metadata: {} }),
    ]) {
      const received = bare(status.UNAVAILABLE, "gone");
      received.metadata.set("grpc-status-details-bin", details);
      assert.equal(fromGrpcError(received).code, "unavailable");
    }
  });
});

function statusWith(info: ErrorInfo): Buffer {
  const value = Buffer.from(ErrorInfo.encode(info).finish());
  const details = [{ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value }];
  return Buffer.from(Status.encode({ code: 14, message: "", details }).finish());
}
