/** A method with one request and one answer, as generated code defines it. */
export interface UnaryMethod {
  readonly requestStream: false;
  readonly responseStream: false;
}

/** The request of a method. */
export type RequestOf<Method> = Method extends { requestSerialize: (value: infer Request) => Buffer }
  ? Request
  : never;

/** The answer of a method. */
export type ResponseOf<Method> = Method extends { responseDeserialize: (value: Buffer) => infer Response }
  ? Response
  : never;
