import { policies } from "cassandra-driver";

type Failed = Parameters<policies.retry.RetryPolicy["onRequestError"]>;
type Decision = ReturnType<policies.retry.RetryPolicy["onRequestError"]>;

/**
 * Writes are never tried again by the driver: a second try of its own could take effect after an answer that
 * proves that the first did not. Who asked decides.
 */
export class NoRetries extends policies.retry.RetryPolicy {
  override onUnavailable(): Decision {
    return this.rethrowResult();
  }

  override onReadTimeout(): Decision {
    return this.rethrowResult();
  }

  override onWriteTimeout(): Decision {
    return this.rethrowResult();
  }

  override onRequestError(..._failed: Failed): Decision {
    return this.rethrowResult();
  }
}

/** Reads are tried once more, at another node, when the first one is gone or silent. */
export class ReadRetries extends NoRetries {
  override onRequestError(...[info, consistency]: Failed): Decision {
    return info.nbRetry < 1 ? this.retryResult(consistency, false) : this.rethrowResult();
  }
}
