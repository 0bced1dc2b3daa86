interface TypedArray {
  readonly length: number;
  set(from: ArrayLike<number>): void;
}

/** A longer copy of a typed array, with zeros at its end. */
export function grown<Kind extends TypedArray & ArrayLike<number>>(array: Kind, length: number): Kind {
  const longer = new (array.constructor as new (length: number) => Kind)(length);
  longer.set(array);
  return longer;
}
