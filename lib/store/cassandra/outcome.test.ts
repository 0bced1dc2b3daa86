import assert from "node:assert/strict";
import { errors, types } from "cassandra-driver";
import { NotWritten } from "../log-store.js";
import { failureOf, type RequestKind } from "./outcome.js";
import { NoRetries, ReadRetries } from "./retries.js";

const codes = types.responseErrorCodes;
const answer = (code: number) => new errors.ResponseError(code, "as it was answered");
const isNotWritten = (kind: RequestKind, error: Error) => failureOf(kind, error) instanceof NotWritten;

describe("what the failure of a request proves", () => {
  it("is that nothing was written, if nothing was sent or a node did not begin", () => {
    const proofs = [
      ...[codes.syntaxError, codes.unauthorized, codes.invalid, codes.configError].map(answer),
      ...[new errors.NoHostAvailableError({}), new errors.ArgumentError("odd")],
      new NotWritten("too much waits"),
    ];
    for (const proof of proofs) {
      assert.equal(isNotWritten("write", proof), true, proof.message);
      assert.equal(isNotWritten("conditional", proof), true, proof.message);
    }
  });

  it("is nothing, if some replica may have it or may get it yet", () => {
    const doubts = [
      ...[codes.writeTimeout, codes.writeFailure, codes.overloaded, codes.serverError].map(answer),
      ...[codes.isBootstrapping, codes.truncateError, codes.readTimeout, codes.unprepared].map(answer),
      ...[new errors.OperationTimedOutError("too late"), new Error("Socket was closed")],
      // An answer that cannot be read fails like a parameter that cannot be written.
      new TypeError("Cannot read properties of undefined"),
    ];
    for (const doubt of doubts) assert.equal(isNotWritten("write", doubt), false, doubt.message);
  });

  it("of too few replicas alive, is that nothing was written by a plain write only", () => {
    const tooFew = answer(codes.unavailableException);
    assert.equal(isNotWritten("write", tooFew), true);
    assert.equal(isNotWritten("conditional", tooFew), false);
  });

  it("says nothing of writes for a read", () => {
    assert.equal(isNotWritten("read", new errors.NoHostAvailableError({})), false);
  });
});

describe("the retries of the driver", () => {
  const { rethrow, retry } = { rethrow: 0, retry: 1 };
  const info = (nbRetry: number) => ({ nbRetry, query: "", executionOptions: {} as never });
  const quorum = types.consistencies.localQuorum;
  const failed = (nbRetry: number) => [info(nbRetry), quorum, new Error("gone")] as const;

  it("are none for writes, whatever happened", () => {
    const none = new NoRetries();
    const decisions = [
      ...[
        none.onUnavailable(),
        none.onReadTimeout(),
        none.onWriteTimeout(),
        none.onRequestError(...failed(0)),
      ],
    ];
    for (const { decision } of decisions) assert.equal(decision, rethrow);
  });

  it("are one for reads, at another node, when a node is gone or silent", () => {
    const reads = new ReadRetries();
    const again = { decision: retry, consistency: quorum, useCurrentHost: false };
    assert.deepEqual(reads.onRequestError(...failed(0)), again);
    assert.equal(reads.onRequestError(...failed(1)).decision, rethrow);
    assert.equal(reads.onReadTimeout().decision, rethrow);
  });
});
